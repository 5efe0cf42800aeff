"""Names for the families of the year: birds and trees, so that nobody takes them for people who live."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

# None of these is a family of the stories.
BIRDS = (
    "Avocet", "Bittern", "Blackcap", "Brambling", "Bunting", "Bustard", "Chaffinch", "Chiffchaff", "Chough", "Coot",
    "Corncrake", "Crossbill", "Cuckoo", "Dabchick", "Dipper", "Dotterel", "Dunlin", "Egret", "Eider", "Firecrest",
    "Gadwall", "Gannet", "Garganey", "Godwit", "Goldcrest", "Goldeneye", "Goldfinch", "Goosander", "Goshawk", "Grebe",
    "Greenfinch", "Greenshank", "Guillemot", "Hawfinch", "Hobby", "Hoopoe", "Jackdaw", "Kestrel", "Kingfisher",
    "Kittiwake", "Knot", "Mallard", "Merganser", "Merlin", "Moorhen", "Nightjar", "Oriole", "Osprey", "Ouzel",
    "Partridge", "Peregrine", "Petrel", "Phalarope", "Pintail", "Pipit", "Pochard", "Puffin", "Quail",
    "Razorbill", "Redpoll", "Redshank", "Redwing", "Reedling", "Sanderling", "Sandpiper", "Scaup", "Scoter",
    "Serin", "Shearwater", "Shelduck", "Shoveler", "Shrike", "Siskin", "Skylark", "Smew", "Snipe", "Sparrow",
    "Spoonbill", "Starling", "Stonechat", "Swallow", "Tern", "Throstle", "Treecreeper", "Turnstone",
    "Twite", "Wagtail", "Warbler", "Waxwing", "Wheatear", "Whimbrel", "Whinchat", "Whitethroat", "Wigeon", "Woodlark",
    "Wryneck", "Yellowhammer",
)  # fmt: skip
TREES = (
    "Alderwood", "Applewood", "Beech", "Birch", "Blackthorn", "Boxwood", "Buckthorn", "Cedar", "Chestnut", "Cypress",
    "Dogwood", "Elder", "Elm", "Fir", "Gean", "Hawthorn", "Holly", "Hornbeam", "Juniper", "Laburnum", "Laurel", "Lime",
    "Maple", "Medlar", "Mulberry", "Myrtle", "Oak", "Osier", "Pear", "Pine", "Plane", "Poplar", "Privet", "Quince",
    "Rosewood", "Sallow", "Service", "Spindle", "Spruce", "Sumac", "Tamarisk", "Walnut", "Whitebeam", "Willow", "Yew",
)  # fmt: skip

# From many places, and given out by chance alone: no name goes with any kind of concern.
FIRST = {
    "F": (
        "Abigail", "Adaeze", "Agnes", "Aimee", "Alina", "Amelie", "Anya", "Aria", "Ayesha", "Beatrice", "Bella",
        "Bonnie", "Cara", "Chloe", "Clara", "Daisy", "Dorothea", "Edie", "Elif", "Elodie", "Erin", "Esme",
        "Farida", "Freya", "Gwen", "Halima", "Hattie", "Imogen", "Iris", "Isla", "Ivy", "Jana", "Jasmin",
        "Keira", "Layla", "Lena", "Leonie", "Lowri", "Maisie", "Martha", "Matilda", "Mei", "Mila", "Nell",
        "Niamh", "Orla", "Phoebe", "Priscilla", "Rosa", "Roxana", "Safia", "Saskia", "Seren", "Sofia", "Summer",
        "Talia", "Thea", "Una", "Violet", "Willa", "Xenia", "Yara", "Zainab", "Zuzanna",
    ),
    "M": (
        "Aaron", "Adil", "Albie", "Alfie", "Amir", "Archie", "Arlo", "Arun", "Barnaby", "Bilal", "Bobby",
        "Caleb", "Casper", "Cian", "Connor", "Damian", "Danyal", "Dominik", "Emre", "Ethan", "Ezra", "Felix",
        "Fergus", "Gabriel", "George", "Hamza", "Harvey", "Hugo", "Idris", "Isaiah", "Ivan", "Jayden", "Jonah",
        "Joshua", "Kian", "Lewis", "Logan", "Luca", "Malachi", "Marek", "Mason", "Musa", "Nathan", "Noel",
        "Oscar", "Otis", "Owain", "Pavel", "Quentin", "Rafael", "Reuben", "Rhys", "Samir", "Silas", "Stefan",
        "Tariq", "Theo", "Tobias", "Umar", "Vincent", "Wilf", "Yusuf", "Zachary",
    ),
}  # fmt: skip


def surnames(chance: Random) -> Iterator[str]:
    """Each once: single names first, then pairs of a bird and a tree."""
    singles = [*BIRDS, *TREES]
    chance.shuffle(singles)
    yield from singles
    pairs = [f"{bird}-{tree}" for bird in BIRDS for tree in TREES]
    chance.shuffle(pairs)
    yield from pairs


def first_names(chance: Random, sexes: list[str]) -> list[str]:
    """A name for each child of one family, no two the same."""
    given: list[str] = []
    for sex in sexes:
        given.append(chance.choice([name for name in FIRST[sex] if name not in given]))
    return given
