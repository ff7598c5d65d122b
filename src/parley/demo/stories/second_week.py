"""Last week: tastings, machines, a complaint that went well, invoices, a voucher."""

from parley.demo.cast import ANA, BEN, CARLOS, CHIARA, EMILY, HAKAN, OWEN, RUTH
from parley.demo.script import (
    Story,
    Workday,
    buttons,
    edits,
    presses,
    reacts,
    says,
    shows,
    stands_at,
)

_TASTING = Story(
    OWEN,
    Workday(6, "15:20"),
    (
        says("Hello, my sister gave me a tasting with you for my birthday. How do I book it?"),
        CHIARA.takes(3),
        CHIARA.says("Happy birthday, Owen! We taste every Saturday, five coffees in about an hour.", 1),
        CHIARA.offers(
            buttons(
                "Which time suits you?",
                ("11", "Saturday, 11:00"),
                ("14", "Saturday, 14:00"),
                ("later", "Not this Saturday"),
                footer="You can change it until Friday evening.",
            ),
            0.5,
            name="times",
        ),
        presses("14", "Saturday, 14:00", 4, about="times"),
        CHIARA.says("You're in at 14:00. We're in the yard behind the red gate, Speicherweg 12.", 1),
        says("Is it this gate?", 2),
        stands_at(53.5436, 9.9885, "Kaffee Kontor, yard", "Red gate, second yard, Hamburg", 0.3),
        CHIARA.says("That's the one. Ring twice, the roaster is loud.", 2, name="gate"),
        reacts("😄", "gate", 1),
        CHIARA.tags("order"),
        CHIARA.closes(1),
    ),
)

_SOUR_ESPRESSO = Story(
    HAKAN,
    Workday(5, "08:31"),
    (
        says(
            "Guten Morgen, seit ich die Maschine entkalkt habe, schmeckt mein Espresso sauer. Liegt das an der Bohne?"
        ),
        BEN.takes(24),
        BEN.says(
            "Guten Morgen Herr Yıldız! Eher nicht. Wie lange läuft er denn durch, und wie viel kommt heraus?",
            1,
            name="how",
        ),
        says("So 15 Sekunden, dann ist die Tasse halb voll.", 22, about="how"),
        BEN.says(
            "Dann ist es zu schnell. Nach dem Entkalken fließt das Wasser freier, also zwei Stufen feiner mahlen, bis "
            "Sie auf 25 bis 28 Sekunden kommen.",
            3,
        ),
        says("Mache ich. Die Mühle steht auf 6, also auf 4?", 5),
        BEN.says("Genau, und die erste Tasse danach wegschütten.", 1),
        says(
            "26 Sekunden und wieder wie beim Italiener. Danke, Sie haben mir das Wochenende gerettet!",
            48,
            name="saved",
        ),
        BEN.reacts("💪", "saved", 2),
        BEN.tags("praise"),
        BEN.closes(1),
    ),
)

_STALE = Story(
    EMILY,
    Workday(5, "13:11"),
    (
        says(
            "Hi, I have to complain for once. The bag I got yesterday was roasted eight weeks ago.",
            name="weeks",
        ),
        edits(
            "Hi, I have to complain for once. The bag I got yesterday was roasted nine weeks ago.", "weeks", 1
        ),
        shows("photo", "See the date on the back", 1),
        CHIARA.ranks("high", 4),
        CHIARA.gives(ANA, 0.3),
        CHIARA.notes(
            "@Ana nine weeks! That must be from the fair. Should I refund or replace?", 0.5, to=[ANA]
        ),
        ANA.notes("Both. And please take the fair boxes off the shelf today.", 7),
        ANA.says(
            "Emily, you are right and I'm embarrassed. Those bags came back from a fair and should never have been sold.",
            1,
        ),
        ANA.says(
            "You get your money back today, and a fresh bag from Thursday's roast on top.", 0.7, name="both"
        ),
        says("I didn't expect both. That's very fair, thank you.", 6, about="both"),
        ANA.says("Thank you for telling us instead of just walking away.", 2),
        ANA.tags("complaint", "order"),
        says("The new bag arrived. Now that's the coffee I know 🙂", Workday(3, "09:25")),
        ANA.says("So glad to hear it!", 18),
        ANA.closes(1),
    ),
)

_INVOICE = Story(
    CARLOS,
    Workday(5, "16:33"),
    (
        says("Hola, necesito la factura del pedido KK-20347 a nombre de mi empresa. ¿Es posible?"),
        CHIARA.takes(6),
        CHIARA.says("¡Hola, Carlos! Claro. ¿Me pasas la razón social y el NIF?", 1),
        says("Talleres Ejemplo S.L., B00000000, calle del Olmo 4, Valencia.", 5),
        CHIARA.says("Gracias. Te la mando en un momento.", 1),
        CHIARA.shows("document", "Aquí la tienes.", 7),
        says("Perfecto, pero aparece el idioma en alemán. ¿Sirve igual para Hacienda?", 4),
        CHIARA.notes("@Ana kannst du bestätigen, dass die deutsche Rechnung in Spanien gilt?", 1, to=[ANA]),
        ANA.notes("Ja, sie gilt in der ganzen EU. Auf Wunsch gibt es sie auch auf Englisch.", 9),
        CHIARA.says(
            "Sí, es válida en toda la UE. Si prefieres una en inglés, dímelo y te la preparo.",
            1,
            name="valid",
        ),
        says("No hace falta. ¡Muchas gracias por la rapidez!", 3, about="valid"),
        CHIARA.tags("order"),
        CHIARA.closes(2),
    ),
)

_VOUCHER = Story(
    RUTH,
    Workday(4, "09:47"),
    (
        says("Guten Tag, gibt es bei Ihnen Gutscheine? Meine Nachbarin gießt seit Jahren meine Blumen."),
        CHIARA.takes(4),
        CHIARA.says("Guten Tag Frau Adler, ja, in jeder Höhe, als Karte oder per E-Mail.", 1),
        says("Als Karte, bitte. 30 Euro. Und könnten Sie »Danke für die Rosen« draufschreiben?", 5),
        CHIARA.says("Das schreibe ich von Hand, dann sieht es nicht so nach Drucker aus.", 2, name="hand"),
        says("Wie reizend! Ich hole sie am Samstag ab.", 3, about="hand"),
        CHIARA.says("Sie liegt ab morgen an der Kasse, auf Ihren Namen.", 1, name="desk"),
        reacts("🌹", "desk", 2),
        CHIARA.tags("order"),
        CHIARA.closes(1),
    ),
)

STORIES = (_TASTING, _SOUR_ESPRESSO, _STALE, _INVOICE, _VOUCHER)
