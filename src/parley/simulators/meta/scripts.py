"""What simulated customers talk about: short dialogues for a coffee shop, in three languages. Only words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One matter: how it begins, how it goes on after each answer, how it ends.

    `[photo]`, `[parcel]` and `[voice]` stand for a photo or a voice note; words after them are its caption.
    """

    opening: tuple[str, ...]
    follow_ups: tuple[str, ...]
    thanks: str
    nudge: str


DIALOGUES: dict[str, tuple[Dialogue, ...]] = {
    "en": (
        Dialogue(
            ("Hi! Do you ship to Ireland? I'd like two bags of the Sidamo.",),
            ("Great, and how long does it take roughly?", "Can I pay by card on delivery?"),
            "Perfect, ordering now. Thanks for the quick help!",
            "Hello, is anybody there? 🙂",
        ),
        Dialogue(
            (
                "Good morning, order KK-20418 still shows as packed.",
                "It was meant to be a birthday present for Friday…",
            ),
            ("Could you send it express? I'd pay the difference.", "Phew. Will I get a tracking link?"),
            "You saved the birthday, thank you 🙏",
            "Any news about KK-20418?",
        ),
        Dialogue(
            ("[parcel] My parcel arrived like this", "The bag inside is fine but the mug is broken."),
            ("A new mug would be lovely, a refund is fine too.", "Do you need the broken one back?"),
            "That's really kind, thanks!",
            "Just checking whether you saw my photo.",
        ),
        Dialogue(
            ("[voice]",),
            (
                "Sorry for the voice note, I was driving. Which grind for a moka pot?",
                "And how fine is that on your scale?",
            ),
            "Got it, thank you!",
            "Did my voice note come through?",
        ),
        Dialogue(
            ("Which of your coffees has the least acid? My stomach is picky.",),
            ("Sounds good. Do you have a small bag to try?", "How long does it keep once opened?"),
            "Lovely, I'll try that one.",
            "No rush, whenever you have a minute.",
        ),
    ),
    "de": (
        Dialogue(
            ("Guten Tag, ist der entkoffeinierte Sidamo wieder da?",),
            ("Schön! Könnten Sie mir ein Kilo zurücklegen?", "Bis wann kann ich es abholen?"),
            "Super, bis dann und vielen Dank!",
            "Haben Sie meine Frage gesehen?",
        ),
        Dialogue(
            (
                "Hallo, ich habe aus Versehen ganze Bohnen statt gemahlen bestellt.",
                "Bestellung KK-20377. Lässt sich das noch ändern?",
            ),
            ("Für einen Handfilter bitte.", "Kostet das etwas extra?"),
            "Klasse, danke für die schnelle Hilfe!",
            "Geht das noch? Die Bestellung ist von heute früh.",
        ),
        Dialogue(
            ("[photo] Die Tüte war beim Auspacken offen 😕",),
            ("Ja, die Bestellnummer ist KK-20391.", "Eine neue Tüte wäre mir lieber als das Geld zurück."),
            "Das ist sehr freundlich, dankeschön!",
            "Melden Sie sich bitte kurz?",
        ),
        Dialogue(
            ("Moin! Bietet ihr auch Firmenabos an? Wir sind 14 Leute und sehr durstig ☕",),
            ("So 4 Kilo im Monat, denke ich. Gibt es Rabatt?", "Kann man monatlich kündigen?"),
            "Klingt gut, ich bespreche das mit dem Team. Danke!",
            "Kein Stress, aber ein Angebot wäre toll.",
        ),
        Dialogue(
            ("[voice]", "War im Auto, deshalb gesprochen: Habt ihr samstags offen?"),
            ("Und gibt es dann auch die Verkostung?",),
            "Prima, dann komme ich vorbei!",
            "Samstag offen, ja oder nein? 🙂",
        ),
    ),
    "es": (
        Dialogue(
            ("¡Hola! ¿Hacen envíos a Canarias?",),
            ("¿Y cuánto cuesta para dos kilos?", "¿Puedo pagar con Bizum?"),
            "¡Perfecto, muchas gracias!",
            "¿Hola? ¿Hay alguien?",
        ),
        Dialogue(
            ("Buenos días, me cobraron dos veces el pedido KK-20402.",),
            ("Sí, tengo el extracto del banco. ¿Se lo mando?", "¿Cuántos días tarda la devolución?"),
            "De acuerdo, quedo pendiente. Gracias.",
            "Perdón que insista, es por el cobro doble.",
        ),
        Dialogue(
            ("[parcel] Así llegó la caja…", "El café está bien, pero quería avisarles."),
            ("No hace falta nada, de verdad. ¿Lo comentan con el transportista?",),
            "¡Qué amables! Un saludo.",
            "¿Vieron la foto?",
        ),
        Dialogue(
            ("¿Qué café me recomiendan para prensa francesa? Me gusta suave.",),
            ("¿Ese lo tienen molido grueso?", "¿Y en bolsa de 250 gramos?"),
            "¡Genial, me lo llevo!",
            "Cuando puedan, sin prisa 😊",
        ),
    ),
}

REACTIONS = ("👍", "❤️", "🙏", "😊")
