"""Those who buy by the sack: a guesthouse, a bicycle workshop. Offers take days, so these are spread over many."""

from parley.demo.cast import ANA, BEN, CHIARA, SAM, THORBEN
from parley.demo.script import Ahead, Story, Workday, buttons, hands_card, presses, reacts, says

_GUESTHOUSE = Story(
    THORBEN,
    Workday(8, "08:55"),
    (
        says(
            "Guten Morgen, ich führe eine kleine Pension mit neun Zimmern und möchte weg vom Kaffee aus dem Großmarkt."
        ),
        says("Beliefern Sie auch Betriebe?", 0.5),
        CHIARA.gives(BEN, 6),
        CHIARA.tags("wholesale"),
        BEN.says(
            "Guten Morgen Herr Claus, sehr gern. Wie viele Tassen gehen bei Ihnen an einem vollen Morgen raus?",
            4,
        ),
        says("Um die vierzig, am Wochenende eher sechzig. Filterkaffee und ein Vollautomat.", 9),
        BEN.says(
            "Dann rechne ich mit rund drei Kilo in der Woche. Dafür passt unsere Hafenmischung: kräftig, wenig Säure, "
            "und im Automaten verstopft sie nicht.",
            5,
        ),
        BEN.says("Ab zehn Kilo im Monat kostet sie 19,80 € das Kilo, Lieferung frei Haus.", 1, name="price"),
        says("Das klingt ordentlich. Könnte ich vorher probieren?", 12, about="price"),
        BEN.says(
            "Natürlich. Ein Kilo geht morgen kostenlos an Sie raus, gemahlen für den Filter.",
            3,
            name="sample",
        ),
        reacts("👍", "sample", 2),
        BEN.notes(
            "Probepaket Hafenmischung an Claus, geht mit der Post um 15 Uhr. Nach einer Woche nachfragen.", 2
        ),
        says(
            "Das Paket ist da. Meine Frau sagt, wir bleiben dabei 😄 Schicken Sie mir bitte eine Rechnung als Muster? "
            "Mein Steuerberater will wissen, wie die aussieht.",
            Workday(5, "10:20"),
        ),
        BEN.says("Das freut mich sehr! Hier ist eine, die wir auch sonst so ausstellen:", 14),
        BEN.shows("document", "Mit Steuersatz und Nettobetrag in der letzten Zeile.", 1),
        says("Prima. Ich melde mich nächste Woche mit der ersten Bestellung.", 25, name="next"),
        BEN.reacts("🤝", "next", 1),
        BEN.notes("Meldet sich nächste Woche. Ich lege es bis dahin weg.", 1),
        BEN.snoozes(Ahead(4, "09:00"), 0.5),
    ),
)

_BICYCLES = Story(
    SAM,
    Workday(4, "11:30"),
    (
        says("Hi! We repair bicycles, and in spring we're putting a small coffee bar into the workshop."),
        says("Looking for somebody to supply beans and maybe teach two people how to steam milk.", 0.7),
        ANA.takes(12),
        ANA.tags("wholesale"),
        ANA.says(
            "Hi Sam, what a good plan, people who wait for a bike drink coffee! How many guests do you expect?",
            1,
        ),
        says("Thirty a day to begin with? Honestly it's a guess.", 4),
        ANA.says(
            "A fine guess. That's about two kilos a week. We'd start you on a blend that forgives beginners.",
            3,
        ),
        ANA.offers(
            buttons(
                "Shall we meet for a tasting before we talk about prices?",
                ("shop", "Yes, at your place"),
                ("workshop", "Yes, at our workshop"),
                ("offer", "Just send an offer"),
            ),
            0.5,
            name="meeting",
        ),
        presses("workshop", "Yes, at our workshop", 6, about="meeting"),
        ANA.says("Then Ben and I come over with five coffees. Who else should be there?", 2),
        hands_card("Robin", "Ashdown", "+44 7700 900381", "Bicycle workshop", 3),
        says("Robin does our books and has opinions about everything, so better have them there.", 0.5),
        ANA.notes("@Ben Thursday in two weeks would suit me. Can you bring the small machine?", 2, to=[BEN]),
        BEN.notes("Suits me. I'll bring it, and the tablets for the water.", 31),
        ANA.says("Noted! I'll send you three dates this afternoon.", 2, name="dates"),
        ANA.says(
            "Here they are: Thursday the week after next, or Monday or Tuesday after that, always at 17:00.",
            Workday(4, "16:40"),
        ),
        says("Thursday it is. I'll get pastries.", 40, name="pastries"),
        ANA.reacts("🥐", "pastries", 3),
        ANA.ranks("low"),
    ),
)

STORIES = (_GUESTHOUSE, _BICYCLES)
