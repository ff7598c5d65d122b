"""Who plays in the demo: three members of a small roastery, and its customers. All of them are invented.

Mia, Tom, Lucía and Amir are the people of the simulator whose phones anybody can take into the hand; their numbers
and user ids are the simulator's. The other numbers are from ranges kept free for fiction, where there are any.
"""

from parley.demo.script import Customer, Member

SHOP = "Kaffee Kontor"
TEAM = "Shop"
PASSWORD = "parley-demo"  # noqa: S105 - printed for whoever starts the demo
TAGS = (
    ("order", "blue"),
    ("shipping", "cyan"),
    ("complaint", "red"),
    ("wholesale", "violet"),
    ("praise", "green"),
)

ANA = Member("owner", "Ana Lindqvist", "ana@example.com")
BEN = Member("manager", "Ben Okafor", "ben@example.com")
CHIARA = Member("agent", "Chiara Rossi", "chiara@example.com")
MEMBERS = (ANA, BEN, CHIARA)

MIA = Customer("mia", "Mia Brandt", "491713920011", "de")
TOM = Customer("tom", "Tom Ellis", "447700900123", "en", "GB.7315520098812045113", "tom.ellis")
LUCIA = Customer(
    "lucia", "Lucía Romero", "34600000112", "es", "ES.4402981177350026718", "lucia.romero", hides_phone=True
)
AMIR = Customer("amir", "أمير حدّاد", "971500000142", "ar")

JANA = Customer("jana", "Jana Petersen", "491713920052", "de")
DIEGO = Customer("diego", "Diego Salas", "34600000121", "es")
PRIYA = Customer("priya", "Priya Nair", "447700900231", "en", "GB.2204817735500911846")
THORBEN = Customer("thorben", "Thorben Claus", "491713920058", "de")
NOOR = Customer("noor", "Noor Bakker", "447700900274", "en")
LENA = Customer("lena", "Lena Vogt", "491713920061", "de", "DE.9910437728164405523", "lena.vogt")
MARISOL = Customer("marisol", "Marisol Vega", "34600000135", "es")
OWEN = Customer("owen", "Owen Gallagher", "447700900318", "en")
HAKAN = Customer("hakan", "Hakan Yıldız", "491713920066", "de")
EMILY = Customer("emily", "Emily Chen", "15550100161", "en")
CARLOS = Customer("carlos", "Carlos Prieto", "34600000149", "es")
RUTH = Customer("ruth", "Ruth Adler", "491713920072", "de")
SAM = Customer("sam", "Sam Whitfield", "447700900355", "en", "GB.6640158820934471205")
ANNIKA = Customer("annika", "Annika Brandes", "491713920077", "de")
PABLO = Customer("pablo", "Pablo Iriarte", "34600000156", "es")
GRETA = Customer("greta", "Greta Simonsen", "491713920081", "de")
MARCUS = Customer("marcus", "Marcus Boyd", "15550100173", "en")
HANNAH = Customer("hannah", "Hannah Lowe", "447700900392", "en", "GB.1407729930558261174", "hannahlowe")
FELIX = Customer("felix", "Felix Arendt", "491713920086", "de")
NURIA = Customer("nuria", "Nuria Campos", "34600000163", "es")
INGRID = Customer("ingrid", "Ingrid Solberg", "447700900407", "en")
