"""E-mail addresses: the key of each, by hand."""

from unicodedata import normalize

import pytest

from participant_rules.formats import email_key
from tests.formats.email_by_library import email_key_by_library

LABEL = "a" * 63
LONG_DOMAIN = ".".join([LABEL, LABEL, LABEL, "b" * 55])  # 247 octets
LONG_LOCAL = "a" * 242  # with "@example.com" 254 octets

KEYS = [
    ("Joe@Example.COM", "joe@example.com"),
    ("a.b+c_d-e/f=g?h^i`j{k|l}m~n!o#p$q%r&s'*@x.org", "a.b+c_d-e/f=g?h^i`j{k|l}m~n!o#p$q%r&s'*@x.org"),
    ("1@2.3.c", "1@2.3.c"),
    ("Info@x-y.co.uk", "info@x-y.co.uk"),
    ("a@a--b.com", "a@a--b.com"),
    ("sborg4@titan.local", "sborg4@titan.local"),
    ("a@x.LOCAL", "a@x.local"),
    ("a@x.test", "a@x.test"),
    ("a@x.invalid", "a@x.invalid"),
    ("a@x.onion", "a@x.onion"),
    ("a@x.localhost", "a@x.localhost"),
    ("a@1.in-addr.arpa", "a@1.in-addr.arpa"),
    ("a@example.com", "a@example.com"),
    ("a@test.com", "a@test.com"),
    ("a@bücher.test", "a@xn--bcher-kva.test"),
    ("a@xn--bcher-kva.TEST", "a@xn--bcher-kva.test"),
    ("a@x.\uff4c\uff4f\uff43\uff41\uff4c", "a@x.local"),
    ("a@x\u3002te\ufb06", "a@x.test"),
    ("a@x\uff61loc\u034fal\ufe0f", "a@x.local"),
    ("a@x.\u33ccvalid", "a@x.invalid"),
    ("a@\uff38\uff0e\uff23\uff2f\uff2d", "a@x.com"),
    ("Jürgen@x.de", "jürgen@x.de"),
    ("JU\u0308RGEN@x.de", "jürgen@x.de"),
    ("J\u030c@x.com", "\u01f0@x.com"),
    ("\u01f0@x.com", "\u01f0@x.com"),
    ("\u0130@x.com", "i\u0307@x.com"),
    ("I\u0307@x.com", "i\u0307@x.com"),
    ("\u212a@x.com", "k@x.com"),
    ("a=\u0338b@x.com", "a\u2260b@x.com"),
    ("\uff41@x.com", "\uff41@x.com"),
    ("日本.太郎@x.jp", "日本.太郎@x.jp"),
    ("राम@x.in", "राम@x.in"),
    ("ΑΣ@x.gr", "ας@x.gr"),
    ("a\U0001f600@x.com", "a\U0001f600@x.com"),
    ("a@xn--fa-hia.at", "a@xn--fa-hia.at"),
    (f"{LONG_LOCAL}@example.com", f"{LONG_LOCAL}@example.com"),
    (f"abcdef@{LONG_DOMAIN}", f"abcdef@{LONG_DOMAIN}"),
    (f"abcdef@{LONG_DOMAIN[:-5]}.test", f"abcdef@{LONG_DOMAIN[:-5]}.test"),
    (f"{'é' * 121}@example.com", f"{'é' * 121}@example.com"),
]

MALFORMED = [
    "",
    "@",
    "joe",
    "joe.example.com",
    "@example.com",
    "joe@",
    "joe@localhost",
    "joe@test",
    "joe@local",
    "joe@\uff4cocal",
    "joe@x.123",
    "joe@x.c0",
    "joe@x.com.",
    "joe@.com",
    "joe@.local",
    "joe@x..com",
    "joe@-x.com",
    "joe@x-.com",
    "joe@x.-local",
    "joe@x.loc\u00adal",
    "joe@x_y.com",
    "joe@ab--c.com",
    "joe@xn--a.com",
    "joe@xn--.com",
    f"joe@{LABEL}a.com",
    "joe@x.com@y.com",
    "a@b@c.test",
    " joe@x.com",
    "joe@x.com ",
    "joe@x.com\n",
    "jo e@x.com",
    "joe@x .com",
    ".joe@x.com",
    "joe.@x.com",
    "j..oe@x.com",
    "jo,e@x.com",
    "jo(e)@x.com",
    '"joe"@x.com',
    '"j@e"@x.com',
    "Joe <joe@x.com>",
    "<joe@x.com>",
    "joe@[127.0.0.1]",
    "joe@[IPv6:::1]",
    "mailto:joe@x.com",
    "joe\uff20x.com",
    "joe\u0000@x.com",
    "joe@x\u0000.com",
    "j\u00a0e@x.com",
    "j\u200be@x.com",
    "j\u202ee@x.com",
    "\u0301joe@x.com",
    "joe@\u0301x.com",
    "j\u037ee@x.com",
    "j<\u0338e@x.com",
    "\ud800@x.com",
    "e\u0301\ud800@x.com",
    "joe@\ud800.com",
    "joe@x.\udfff",
    "j\ue000@x.com",
    "j\u0378@x.com",
    "1@א.1.com",
    f"{LONG_LOCAL}a@example.com",
    f"abcdefg@{LONG_DOMAIN}",
    f"abcdefg@{LONG_DOMAIN[:-5]}.test",
    f"{'é' * 121}a@example.com",
    "e\u0301" * 100 + "@example.com",
]

# A domain of each script and many countries, and its Punycode.
IDN = [
    ("bücher.de", "xn--bcher-kva.de"),
    ("straße.de", "xn--strae-oqa.de"),
    ("faß.at", "xn--fa-hia.at"),
    ("zürich.ch", "xn--zrich-kva.ch"),
    ("lëtzebuerg.lu", "xn--ltzebuerg-v4a.lu"),
    ("québec.ca", "xn--qubec-csa.ca"),
    ("españa.es", "xn--espaa-rta.es"),
    ("português.pt", "xn--portugus-q1a.pt"),
    ("são.br", "xn--so-sia.br"),
    ("østre.no", "xn--stre-fra.no"),
    ("ålborg.dk", "xn--lborg-lra.dk"),
    ("räksmörgås.se", "xn--rksmrgs-5wao1o.se"),
    ("þingvellir.is", "xn--ingvellir-99a.is"),
    ("tõnu.ee", "xn--tnu-ona.ee"),
    ("ķekava.lv", "xn--ekava-n5a.lv"),
    ("š.lt", "xn--pga.lt"),
    ("łódź.pl", "xn--d-uga0v4h.pl"),
    ("čeština.cz", "xn--etina-gya30d.cz"),
    ("žilina.sk", "xn--ilina-tib.sk"),
    ("győr.hu", "xn--gyr-7xa.hu"),
    ("românia.ro", "xn--romnia-yta.ro"),
    ("żurrieq.mt", "xn--urrieq-opb.mt"),
    ("ısparta.tr", "xn--sparta-o9a.tr"),
    ("việt.vn", "xn--vit-5kz.vn"),
    ("māori.nz", "xn--mori-qsa.nz"),
    ("почта.бг", "xn--80a1acny.xn--90ae"),
    ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
    ("пошта.укр", "xn--80a1acn3a.xn--j1amh"),
    ("срб.срб", "xn--90a3ac.xn--90a3ac"),
    ("жишээ.мон", "xn--f1ae2cuaa.xn--l1acc"),
    ("мысал.қаз", "xn--80awbu3c.xn--80ao21a"),
    ("παράδειγμα.ελ", "xn--hxajbheg2az3al.xn--qxam"),
    ("մաս.հայ", "xn--y9a1b2a.xn--y9a3aq"),
    ("მაგალითი.გე", "xn--lodafveble.xn--node"),
    ("דוגמה.ישראל", "xn--6dbbec0c.xn--4dbrk0ce"),
    ("موقع.مصر", "xn--4gbrim.xn--wgbh1c"),
    ("مثال.السعودية", "xn--mgbh0fb.xn--mgberp4a5d4ar"),
    ("مثال.پاکستان", "xn--mgbh0fb.xn--mgbai9azgqp6j"),
    ("ምሳሌ.et", "xn--mxd7a1d.et"),
    ("उदाहरण.भारत", "xn--p1b6ci4b4b3a.xn--h2brj9c"),
    ("উদাহরণ.বাংলা", "xn--d5b6ci4b4b3a.xn--54b7fta0cc"),
    ("உதாரணம்.இந்தியா", "xn--zkc6cc5bi7f6e.xn--xkc2dl3a5ee0h"),
    ("උදාහරණ.ලංකා", "xn--ozc8dl2c3bxd.xn--fzc2c9e2c"),
    ("ตัวอย่าง.ไทย", "xn--72c1a1bt4awk9o.xn--o3cw4h"),
    ("ຕົວຢ່າງ.ລາວ", "xn--v6c1a1bt0d9b7e.xn--q7ce6a"),
    ("ឧទាហរណ៍.kh", "xn--w2ef1ax7a5fyh.kh"),
    ("例子.中国", "xn--fsqu00a.xn--fiqs8s"),
    ("例子.台灣", "xn--fsqu00a.xn--kpry57d"),
    ("例え.jp", "xn--r8jz45g.jp"),
    ("예시.한국", "xn--vv4b11d.xn--3e0b707e"),
]


@pytest.mark.parametrize(("text", "key"), KEYS)
def test_key(text: str, key: str) -> None:
    """A well-formed address has this key, which is its own key, and the library alone says so too."""
    assert (email_key(text), email_key(key), email_key_by_library(text)) == (key, key, key)


@pytest.mark.parametrize("text", MALFORMED, ids=ascii)
def test_malformed(text: str) -> None:
    """A malformed address has no key, and the library alone says so too."""
    assert (email_key(text), email_key_by_library(text)) == (None, None)


@pytest.mark.parametrize(("unicode", "punycode"), IDN)
def test_idn(unicode: str, punycode: str) -> None:
    """A domain of any script has one key in Unicode, in NFD, with an ideographic dot, and in Punycode."""
    spellings = (
        unicode,
        normalize("NFD", unicode),
        unicode.replace(".", "\u3002"),
        punycode,
        punycode.upper(),
    )
    assert {email_key(f"Joe@{domain}") for domain in spellings} == {f"joe@{punycode}"}


@pytest.mark.parametrize(
    ("domain", "longest"),
    [
        ("bücher.de", "xn--bcher-kva.de"),
        ("xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("例子例子例子例子.中国", "例子例子例子例子.中国"),
        ("xn--fsqaaa671mbabb.xn--fiqs8s", "例子例子例子例子.中国"),
        ("\uff38\uff38.com", "\uff38\uff38.com"),
        ("bücher.test", "xn--bcher-kva.test"),
        ("xn--fsqaaa671mbabb.test", "例子例子例子例子.test"),
        ("\uff38\uff38.local", "\uff38\uff38.local"),
    ],
)
def test_length(domain: str, longest: str) -> None:
    """An address has 254 octets at most in each form: as given, in Unicode and in Punycode."""
    room = 253 - len(longest.encode())
    key = email_key(f"a@{domain}")
    assert key is not None
    assert email_key(f"{'a' * room}@{domain}") == "a" * (room - 1) + key
    assert email_key(f"{'a' * (room + 1)}@{domain}") is None
    assert email_key(f"é{'a' * (room - 2)}@{domain}") == f"é{'a' * (room - 2)}{key[1:]}"
    assert email_key(f"é{'a' * (room - 1)}@{domain}") is None


@pytest.mark.parametrize(
    ("capital", "small"), [("\u0130", "i\u0307"), ("\u023a", "\u2c65"), ("\u023e", "\u2c66")]
)
def test_no_room_for_the_small_letter(capital: str, small: str) -> None:
    """A letter that grows when lower-cased stays a capital where the key would else be too long."""
    domain = "@example.com"
    roomy, full = "b" * 239, "b" * 240
    assert email_key(f"{roomy.upper()}{capital}{domain}") == f"{roomy}{small}{domain}"
    key = email_key(f"{full.upper()}{capital}{domain}")
    assert key == f"{full}{capital}{domain}"
    assert email_key(key) == key


@pytest.mark.parametrize(
    "unit", ["a", "a@", "a.", "@", ".", "-", "é", "e\u0301", "\ud800", '"', "<", "＠", "xn--", "a@é."]
)
def test_megabyte(unit: str) -> None:
    """A text of a megabyte is malformed without being looked at."""
    text = unit * (1_000_000 // len(unit))
    assert (email_key(text), email_key("a@" + text), email_key(text + "@x.com")) == (None, None, None)
