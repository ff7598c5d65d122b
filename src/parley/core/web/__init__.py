"""The edge to browsers and programs: problems, cookies, walls around requests, pages. What is asked for is the modules' matter."""
