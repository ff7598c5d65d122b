"""Conversations of the last hours: still within WhatsApp's window, waiting for whoever tries the product."""

from parley.demo.cast import AMIR, ANA, BEN, CHIARA, INGRID, LUCIA, MIA, NURIA, TOM
from parley.demo.script import (
    Ago,
    Story,
    buttons,
    choices,
    chooses,
    presses,
    reacts,
    says,
    shows,
    stands_at,
)

_GRINDER = Story(
    NURIA,
    Ago(20.8),
    (
        says("Hola, buenas. Busco un molinillo manual para llevarme de viaje, que no pese mucho."),
        says("¿Tenéis alguno?", 0.4),
        CHIARA.takes(9),
        CHIARA.says("¡Hola, Nuria! Sí, tenemos dos. ¿Lo quieres para espresso o más bien para filtro?", 1),
        says("Filtro. Siempre viajo con mi filtro de plástico 😄", 3),
        CHIARA.says(
            "Entonces te recomiendo el pequeño: 420 gramos, muelas de acero y caben 20 g de café, justo para una taza "
            "grande. Cuesta 64 € y lo enviamos a España en 4 o 5 días.",
            3,
            name="small",
        ),
        CHIARA.shows("photo", "Con una bolsa de Santos al lado, para que veas el tamaño del café molido.", 1),
        says("Ay, qué bien. ¿Y se puede lavar?", 4, about="small"),
        CHIARA.says(
            "El vaso sí, pero las muelas solo con el cepillo que viene en la caja. El agua las oxida.", 3
        ),
        CHIARA.tags("order"),
        says("Perfecto. Lo hablo con mi pareja y mañana te digo algo. ¡Gracias!", 6, name="thanks"),
        CHIARA.reacts("👍", "thanks", 2),
        CHIARA.says("Te lo guardo hasta el lunes, sin compromiso.", 1, fate=131016),
    ),
)

_CHANGED_ORDER = Story(
    MIA,
    Ago(5.2),
    (
        says("Guten Tag! Ich habe gestern Abend die KK-20411 bestellt und mich bei der Menge vertan 🙈"),
        says("Es sollten zwei Tüten Sidamo sein, nicht zwölf.", 0.7, name="twelve"),
        CHIARA.takes(6),
        CHIARA.says("Hallo Frau Brandt, zwölf wären ein langer Winter geworden 😄 Ich sehe sofort nach.", 1),
        CHIARA.notes(
            "KK-20411 ist noch nicht gepackt. @Ben kannst du die Menge ändern? Ich darf das nicht.",
            1,
            to=[BEN],
        ),
        BEN.notes("Erledigt: 2 × Sidamo, Differenz geht automatisch auf die Karte zurück.", 8),
        CHIARA.says(
            "Ist geändert: zwei Tüten Sidamo, ganze Bohne. Den Rest des Betrags haben Sie in zwei bis drei Tagen wieder "
            "auf der Karte. Das Paket geht noch heute raus.",
            2,
            name="done",
        ),
        CHIARA.tags("order"),
        reacts("🙏", "done", 3),
        says("Sie sind meine Rettung, danke!", 1),
        says("Darf ich noch was fragen? Von der letzten Tüte Santos habe ich dieses Foto gemacht.", 71),
        shows("photo", "Die Crema wird bei mir so hell. Ist das richtig so?", 1, name="crema"),
        CHIARA.says(
            "Bei Santos ist das normal, der ist eher mild geröstet. Wenn es Ihnen zu hell ist, mahlen Sie eine Stufe "
            "feiner, dann läuft er langsamer durch.",
            12,
            about="crema",
        ),
        says("Das probiere ich morgen früh gleich aus. Wie lange sollte der Espresso denn laufen?", 38),
        BEN.reads(6),
    ),
)

_LATE_PARCEL = Story(
    TOM,
    Ago(2.6),
    (
        says("Hi, Tom here again. The tracking for KK-20396 hasn't moved since Thursday night."),
        shows("voice", after=1.5),
        says("Sorry about the voice note, I was walking the dog. Short version: I'm away from Saturday.", 2),
        stands_at(55.9533, -3.1883, "Work", "14 Canal Yard, Edinburgh", 4),
        says("If it's easier the courier can leave it at my office, somebody's always at the desk.", 0.6),
        ANA.tags("shipping", after=31),
        ANA.queues(),
        ANA.ranks("high"),
        says("Any chance of an update today?", 64),
    ),
)

_SUBSCRIPTION = Story(
    LUCIA,
    Ago(1.4),
    (
        says("¡Hola! Me encanta vuestro café y quiero que me llegue cada mes sin tener que acordarme 😅"),
        says("¿Cómo funciona la suscripción?", 0.5),
        CHIARA.takes(5),
        CHIARA.says(
            "¡Hola, Lucía! Es muy sencillo: eliges café y cantidad, tostamos el martes y te llega el viernes. Puedes "
            "parar o cambiar cuando quieras.",
            1,
        ),
        CHIARA.offers(
            choices(
                "¿Cuál te gustaría recibir?",
                "Ver cafés",
                ("sidamo", "Sidamo", "Floral y ligero, ideal para filtro"),
                ("santos", "Santos", "Suave, con notas de avellana"),
                ("huila", "Huila", "Dulce, caramelo y manzana"),
                ("surprise", "Sorpresa", "Cada mes uno distinto"),
            ),
            1,
            name="coffees",
        ),
        chooses("surprise", "Sorpresa", "Cada mes uno distinto", 3, about="coffees"),
        CHIARA.says("¡La favorita de la casa! 🎁", 2),
        CHIARA.offers(
            buttons(
                "¿Cuánto café tomáis al mes?",
                ("250", "250 g"),
                ("500", "500 g"),
                ("1000", "1 kg"),
                footer="Se puede cambiar en cualquier momento.",
            ),
            0.5,
            name="amount",
        ),
        CHIARA.tags("order"),
        presses("500", "500 g", 4, about="amount"),
        says("Y una cosa: ¿puede venir molido para cafetera italiana?", 1),
    ),
)

_ARABIC = Story(
    AMIR,
    Ago(0.75),
    (
        says("السلام عليكم، هل توصلون القهوة إلى دبي؟"),
        says("أريد كيلو من سيدامو، حبوب كاملة، هدية لأخي.", 1),
        BEN.notes(
            "He asks whether we ship to Dubai: one kilo of Sidamo, whole beans, a gift for his brother. @Ana?",
            5,
            to=[ANA],
        ),
        ANA.notes("Mine. My Arabic from university is finally good for something.", 3),
        ANA.takes(0.5),
        ANA.says(
            "وعليكم السلام يا أمير! نعم، نوصل إلى دبي خلال ستة إلى ثمانية أيام عمل. الشحن 24 يورو.",
            2,
            name="dubai",
        ),
        ANA.tags("order", "shipping"),
        says("ممتاز. هل يمكن تغليفها كهدية مع بطاقة صغيرة؟", 6, about="dubai"),
        ANA.says("بكل سرور، والتغليف علينا. ماذا نكتب على البطاقة؟", 3),
        says("اكتبوا: «عيد ميلاد سعيد يا كريم، من أخيك أمير».", 8),
        shows("sticker", after=0.5),
    ),
)

_FROM_AN_AD = Story(
    INGRID,
    Ago(0.15),
    (
        says(
            "Hello! I saw your ad for the Saturday tasting. Is there still room for two people this week?",
            referral={
                "source_url": "https://kaffee-kontor.example/tasting",
                "source_id": "120214598230110",
                "source_type": "ad",
                "headline": "Taste five coffees in one hour",
                "body": "Saturdays at 11 and 14 in our roastery.",
                "media_type": "image",
            },
        ),
        says("One of us doesn't drink milk, in case that matters ☺️", 0.8),
    ),
)

STORIES = (_GRINDER, _CHANGED_ORDER, _LATE_PARCEL, _SUBSCRIPTION, _ARABIC, _FROM_AN_AD)
