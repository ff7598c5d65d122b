"""The last three working days: some of it is done, some waits, and some went wrong."""

from parley.demo.cast import ANA, ANNIKA, BEN, CHIARA, FELIX, GRETA, HANNAH, MARCUS, PABLO
from parley.demo.script import (
    Ahead,
    Story,
    Workday,
    orders,
    reacts,
    says,
    sends_poll,
    shows,
    takes_back,
)

_BASKET = Story(
    ANNIKA,
    Workday(3, "08:20"),
    (
        orders("Bitte als Geschenk verpacken", ("Santos 500 g", 2, 11.90), ("Filterpapier Nr. 4", 1, 3.20)),
        CHIARA.takes(42),
        CHIARA.says(
            "Guten Morgen Frau Brandes, vielen Dank für die Bestellung! Wohin darf das Paket gehen?", 1
        ),
        says("An meine Mutter: Ilse Brandes, Am Deich 3, 26506 Norden.", 4),
        CHIARA.says("Mit Karte dazu?", 2),
        says("Ja bitte: »Damit du wach bist, wenn ich anrufe.«", 3, name="card"),
        CHIARA.says(
            "Sehr schön. Das macht 31,90 € mit Versand, hier können Sie bezahlen: "
            "https://kaffee-kontor.example/b/KK-20381",
            4,
        ),
        says("Erledigt!", 9),
        CHIARA.says("Und schon in der Packstation. Die Sendungsnummer kommt heute Abend.", 3),
        CHIARA.tags("order"),
        says("Mama hat sich riesig gefreut 🥰", Workday(2, "17:48"), name="mum"),
        CHIARA.reacts("🥰", "mum", 6),
        CHIARA.closes(1),
    ),
)

_UNREACHED = Story(
    PABLO,
    Workday(3, "12:54"),
    (
        says("Hola, ¿tenéis descafeinado sin química? Mi médico dice que menos cafeína 😩"),
        CHIARA.takes(5),
        CHIARA.says(
            "¡Hola, Pablo! Sí: nuestro Sidamo descafeinado se lava solo con agua. 9,80 € la bolsa de 250 g.",
            1,
        ),
        says("Estupendo, quiero dos. ¿Puedo pagar contra reembolso?", 7),
        CHIARA.says("A España no, pero sí con tarjeta o por transferencia. ¿Qué prefieres?", 2),
        says("Transferencia. ¿Me pasas los datos?", 14),
        CHIARA.says("Claro, te los mando en un mensaje aparte con el número de pedido KK-20386.", 3),
        CHIARA.says(
            "Banco de la tienda, titular Kaffee Kontor, concepto KK-20386. Importe: 29,50 €.", 1, fate=131026
        ),
        CHIARA.notes(
            "Die letzte Nachricht kommt bei ihm nicht an. Ich versuche es morgen noch einmal. @Ben weißt du, woran das liegt?",
            6,
            to=[BEN],
        ),
        CHIARA.ranks("high"),
        CHIARA.tags("order"),
    ),
)

_ANGRY = Story(
    GRETA,
    Workday(2, "10:02"),
    (
        says(
            "Ich warte jetzt seit acht Tagen auf die KK-20359. Auf meine Mail hat auch niemand geantwortet."
        ),
        says("Das ist das zweite Mal. Langsam reicht es mir.", 0.6),
        CHIARA.ranks("urgent", 3),
        CHIARA.gives(BEN, 0.3),
        CHIARA.queues(),
        BEN.says(
            "Frau Simonsen, das verstehe ich gut, und es tut mir leid. Ich rufe jetzt beim Paketdienst an und schreibe "
            "Ihnen in einer halben Stunde, was ich weiß.",
            2,
        ),
        BEN.notes(
            "Mail lag im Spam. Absender ist jetzt freigegeben. @Ana das ist die Kundin vom März.", 9, to=[ANA]
        ),
        BEN.says(
            "Das Paket liegt in einem falschen Verteilzentrum. Ich warte nicht darauf: Ein neues geht heute mit dem "
            "Express raus, auf unsere Kosten.",
            17,
            name="express",
        ),
        says("Gut. Wann ist es da?", 6, about="express"),
        BEN.says("Morgen bis 12 Uhr. Ich schaue selbst nach, ob es zugestellt wird.", 2),
        BEN.tags("complaint", "shipping"),
        shows(
            "photo_parcel",
            "Es ist da, aber so. Der Kaffee ist heil, die Laune nicht.",
            Workday(1, "12:21"),
            name="dent",
        ),
        BEN.says(
            "Das gibt es doch nicht. Bitte behalten Sie alles, die Bestellung geht auf uns.", 8, about="dent"
        ),
        says("Das ist anständig. Danke, dass Sie sich gekümmert haben.", 5, name="decent"),
        BEN.reacts("🙏", "decent", 1),
        BEN.ranks("none", 1),
        ANA.notes("Gut gelöst, Ben. Ich schreibe dem Paketdienst wegen der Verpackung.", 20),
    ),
)

_VOTE = Story(
    MARCUS,
    Workday(2, "14:36"),
    (
        says("Hey, our book club is deciding which coffee to get. I'll send you the poll."),
        sends_poll(1),
        CHIARA.takes(6),
        CHIARA.says("Hi Marcus, polls don't reach us here, I'm afraid. Which coffees are in the running?", 1),
        says("Ha, fair enough. Huila against Sidamo, five votes each.", 3),
        CHIARA.says(
            "Then take the half and half box: 250 g of both. Nobody loses, and you can vote again.",
            2,
            name="both",
        ),
        says("Diplomatic. Two boxes please!", 4, about="both"),
        CHIARA.says("On their way tomorrow. Which book is it?", 3),
        says("A crime novel. The gardener did it.", 2),
        CHIARA.tags("order"),
        CHIARA.closes(2),
    ),
)

_GIFT = Story(
    HANNAH,
    Workday(1, "11:18"),
    (
        says("Hello! Can you tell me whether KK-20401 will be here before Friday? It's a wedding present."),
        BEN.takes(5),
        BEN.says(
            "Hi Hannah, it was packed this morning. From here to Bristol it usually takes four days.", 1
        ),
        says("Hmm, that's cutting it fine. What if it doesn't make it?", 4),
        BEN.says(
            "Then I send you a printed voucher by express, so that you have something to hand over.",
            3,
            name="voucher",
        ),
        says("Deal. You think of everything!", 2, about="voucher"),
        BEN.notes(
            "Look at the tracking tomorrow morning. If it's still in the country: voucher by express.", 1
        ),
        BEN.tags("shipping"),
        BEN.snoozes(Ahead(1, "09:00"), 0.5),
    ),
)

_PICK_UP = Story(
    FELIX,
    Workday(1, "15:42"),
    (
        says("Moin, habt ihr noch den Kolumbianer, den es neulich am Ausschank gab? Ich glaube Huila."),
        says(
            "Und meine Kontonummer wegen der Rückzahlung ist die DE00 0000 0000 0000 0000 00.",
            1,
            name="account",
        ),
        takes_back("account", 0.7),
        says("Ups, das Letzte war für jemand anderen 🙈", 0.4),
        CHIARA.takes(4),
        CHIARA.says(
            "Moin Felix, ist schon weg, keine Sorge. Und ja: Huila haben wir, frisch von gestern.",
            1,
            name="fresh",
        ),
        says("Dann leg mir bitte ein Kilo zurück. Ich hole es nachher ab.", 3, about="fresh"),
        CHIARA.says("Liegt an der Kasse. Wir sind bis 18 Uhr da.", 2, name="desk"),
        reacts("👍", "desk", 1),
        CHIARA.tags("order"),
        CHIARA.closes(40),
    ),
)

STORIES = (_BASKET, _UNREACHED, _ANGRY, _VOTE, _GIFT, _PICK_UP)
