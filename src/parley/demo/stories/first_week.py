"""Two weeks ago: first orders, a wrong grind, a slow parcel, advice. All of it is settled."""

from parley.demo.cast import ANA, BEN, CHIARA, DIEGO, JANA, LENA, MARISOL, NOOR, PRIYA, TOM
from parley.demo.script import (
    Story,
    Workday,
    choices,
    chooses,
    reacts,
    says,
    shows,
)

_TO_SCOTLAND = Story(
    TOM,
    Workday(10, "09:12"),
    (
        says("Hello! Do you ship to Scotland, and what does it cost for two bags?"),
        CHIARA.takes(5),
        CHIARA.says(
            "Good morning, Tom! We do. Two bags of 500 g cost 12.90 € to Edinburgh and take four to six days.",
            1,
        ),
        says("That's less than I feared. Customs?", 3),
        CHIARA.says("We pay the duties for you, so nobody rings your bell and asks for money.", 2),
        says("Sold. One Santos and one Huila, whole beans please.", 5, name="order"),
        CHIARA.says(
            "Lovely choice. Here is your basket, ready to pay: https://kaffee-kontor.example/b/KK-20312",
            4,
            about="order",
        ),
        says("Paid. Looking forward to it!", 7),
        CHIARA.tags("order", "shipping"),
        CHIARA.closes(1),
        says(
            "It's here already, four days! The Huila is the best thing I've had in years.",
            Workday(6, "16:40"),
            name="best",
        ),
        BEN.says("That made our afternoon, thank you! The farmer will hear about it too.", 11),
        BEN.reacts("❤️", "best", 0.5),
        BEN.tags("order", "shipping", "praise"),
        BEN.closes(1),
    ),
)

_WRONG_GRIND = Story(
    JANA,
    Workday(10, "10:31"),
    (
        says("Moin, ich hatte bei der KK-20310 ganze Bohnen bestellt und gemahlenen Kaffee bekommen."),
        shows("photo", "Zwei Tüten davon, leider.", 1),
        BEN.takes(6),
        BEN.says(
            "Moin Frau Petersen, das tut mir leid. Da hat bei uns jemand ins falsche Regal gegriffen.", 1
        ),
        BEN.ranks("high"),
        BEN.says("Ich schicke Ihnen heute noch zwei Tüten mit ganzen Bohnen. Passt das?", 1, name="offer"),
        says("Ja, gern. Und was mache ich mit den gemahlenen?", 4, about="offer"),
        BEN.says(
            "Behalten Sie sie. Die Mahlung passt für den Handfilter, vielleicht freut sich jemand in der Nachbarschaft.",
            3,
        ),
        says("Das nenne ich mal eine Lösung 😊 Vielen Dank!", 2, name="thanks"),
        BEN.reacts("😊", "thanks", 1),
        BEN.tags("complaint", "order"),
        BEN.notes("Zweimal in einem Monat dasselbe Regal. Ich klebe die Fächer heute neu aus.", 3),
        BEN.closes(1),
    ),
)

_MALLORCA = Story(
    DIEGO,
    Workday(9, "11:05"),
    (
        says("Buenos días, hice un pedido hace nueve días y todavía no ha llegado. Es el KK-20298."),
        CHIARA.takes(4),
        CHIARA.says("Buenos días, Diego. Lo miro ahora mismo, dame cinco minutos.", 1),
        CHIARA.says(
            "Está en Palma desde ayer. Los envíos a las islas pasan por Barcelona y esta semana ha habido huelga en el "
            "puerto, de ahí el retraso.",
            6,
            name="palma",
        ),
        says("Vale, entiendo. ¿Cuándo lo tendría entonces?", 5, about="palma"),
        CHIARA.says(
            "Mañana o, como muy tarde, pasado. Si no llega, te mando otro paquete por mensajería.", 2
        ),
        CHIARA.tags("shipping"),
        says(
            "Ya está aquí, y huele de maravilla. ¡Gracias por estar pendiente!",
            Workday(8, "13:22"),
            name="here",
        ),
        CHIARA.reacts("🎉", "here", 8),
        CHIARA.says("¡Qué alegría! Que lo disfrutes, Diego.", 1, fate="delivered"),
        CHIARA.closes(1),
    ),
)

_GRINDER = Story(
    PRIYA,
    Workday(9, "14:48"),
    (
        says("Hi there, I'm finally buying a proper grinder and I'm lost. Can you help?"),
        BEN.takes(3),
        BEN.says("With pleasure! It mostly depends on how you brew.", 1),
        BEN.offers(
            choices(
                "What do you make most often?",
                "Choose",
                ("espresso", "Espresso", "Portafilter machine"),
                ("filter", "Filter", "Hand filter, batch brewer"),
                ("press", "French press", "Coarse and forgiving"),
                ("everything", "A bit of everything", "Different every day"),
            ),
            0.5,
            name="brew",
        ),
        chooses("filter", "Filter", "Hand filter, batch brewer", 2, about="brew"),
        BEN.says(
            "Then don't pay for an espresso grinder. Flat steel burrs of 54 mm, forty steps, 149 €: it's the one we use "
            "at the tasting table ourselves.",
            4,
        ),
        says("Is it loud? I get up at five and my flatmates don't 😬", 3),
        BEN.says("About like an electric toothbrush, and done in twelve seconds. They'll forgive you.", 2),
        says("Convinced! Can I pick it up in the shop on Saturday?", 6),
        BEN.says("I've put one aside under your name. We're open from 10 to 16.", 2, name="aside"),
        reacts("👍", "aside", 1),
        BEN.tags("order"),
        BEN.closes(1),
    ),
)

_BROKEN_MUG = Story(
    NOOR,
    Workday(8, "09:40"),
    (
        says("Good morning. My parcel came today and one corner is smashed in."),
        shows("photo_parcel", "", 0.5, name="corner"),
        says("Order KK-20329. The coffee survived but one of the two mugs is in pieces.", 1),
        CHIARA.takes(7),
        CHIARA.says(
            "Oh no, I'm sorry! Thank you for the photo, that's all we need for the courier.",
            1,
            about="corner",
        ),
        CHIARA.says("Would you like a new mug or the money back?", 0.5),
        says("A new mug please, they're so pretty.", 3),
        CHIARA.notes("@Ben do we still have the blue ones? The shelf looks empty to me.", 1, to=[BEN]),
        BEN.notes("Last box is in the cellar, second rack. I'll bring four up.", 6),
        CHIARA.says(
            "A blue one leaves us this afternoon, this time in a double box. You keep the rest, of course.", 1
        ),
        CHIARA.tags("complaint", "shipping"),
        says("You're wonderful, thank you!", 2),
        CHIARA.closes(3),
    ),
)

_HOLIDAY_PAUSE = Story(
    LENA,
    Workday(7, "12:16"),
    (
        shows("voice"),
        says("Kurz gesagt: Ich bin drei Wochen weg und möchte mein Abo so lange anhalten.", 1),
        CHIARA.takes(4),
        CHIARA.says("Hallo Frau Vogt, gern! Von wann bis wann sind Sie unterwegs?", 1),
        says("Ab Montag, genau drei Wochen.", 2),
        CHIARA.says(
            "Dann lasse ich eine Lieferung aus. Die nächste kommt am Freitag nach Ihrer Rückkehr, frisch geröstet.",
            5,
            name="pause",
        ),
        says("So schnell? Großartig, danke.", 2, about="pause"),
        CHIARA.says("Schöne Reise! Und falls es dort nur Instantkaffee gibt: Wir haben Sie gewarnt 😄", 1),
        reacts("😂", "pause", 1),
        CHIARA.tags("order"),
        CHIARA.closes(1),
    ),
)

_RECIPE = Story(
    MARISOL,
    Workday(7, "17:02"),
    (
        says(
            "Solo quería deciros que el café de Huila está espectacular. Lo probé con hielo y una rodaja de naranja."
        ),
        shows("sticker", after=0.5),
        ANA.takes(9),
        ANA.says(
            "¡Marisol, qué idea! ¿Nos dejas poner la receta en la tienda, con tu nombre?", 1, name="recipe"
        ),
        says(
            "¡Claro que sí, encantada! 60 ml de espresso, mucho hielo y la naranja al final.",
            4,
            about="recipe",
        ),
        ANA.says("Apuntado. En tu próximo pedido va una bolsita de regalo.", 3, name="gift"),
        reacts("❤️", "gift", 1),
        ANA.tags("praise"),
        ANA.closes(1),
    ),
)

STORIES = (_TO_SCOTLAND, _WRONG_GRIND, _MALLORCA, _GRINDER, _BROKEN_MUG, _HOLIDAY_PAUSE, _RECIPE)
