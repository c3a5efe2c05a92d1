"""A reply without its quotation, in the languages and styles of real mailers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.domain.replies import split_quoted

ATTRIBUTIONS = [
    "On Mon, 3 May 2026 at 10:00, Bob Smith <bob@example.com> wrote:",
    "On 5/3/2026 10:00 AM, Bob Smith wrote:",
    "2026-05-03 10:00 GMT+02:00 Bob <bob@example.com>:",
    "Am 03.05.2026 um 10:00 schrieb Bob Smith:",
    "Am So., 3. Mai 2026 um 10:00 Uhr schrieb Bob <bob@example.com>:",
    "Le dim. 3 mai 2026 à 10:00, Bob <bob@example.com> a écrit :",
    "El dom, 3 may 2026 a las 10:00, Bob (<bob@example.com>) escribió:",
    "Il giorno dom 3 mag 2026 alle ore 10:00 Bob <bob@example.com> ha scritto:",
    "Em dom., 3 de mai. de 2026 às 10:00, Bob <bob@example.com> escreveu:",
    "Op zo 3 mei 2026 om 10:00 schreef Bob <bob@example.com>:",
    "Den sön 3 maj 2026 kl 10:00 skrev Bob <bob@example.com>:",
    "niedz., 3 maj 2026 o 10:00 Bob <bob@example.com> napisał(a):",
    "вс, 3 мая 2026 г. в 10:00, Bob <bob@example.com>:",
    "3 мая 2026 г. 10:00 пользователь Bob написал:",
    "Bob <bob@example.com>, 3 May 2026 Paz, 10:00 tarihinde şunu yazdı:",
    "Bob <bob@example.com> ezt írta (időpont: 2026. máj. 3., V, 10:00):",
    "Στις Κυρ 3 Μαΐ 2026 στις 10:00, ο χρήστης Bob <bob@example.com> έγραψε:",
    "Vào CN, 3 thg 5, 2026 vào lúc 10:00 Bob <bob@example.com> đã viết:",
    "रवि, 3 मई 2026 को 10:00 बजे को Bob <bob@example.com> ने लिखा:",
    "Bob <bob@example.com> 于2026年5月3日周日 10:00写道：",
    "2026年5月3日(日) 10:00 Bob <bob@example.com>:",
    "2026년 5월 3일 (일) 오전 10:00, Bob <bob@example.com>님이 작성:",
    "בתאריך יום א׳, 3 במאי 2026 ב-10:00 מאת Bob <bob@example.com>:",
]
HEADER_BLOCKS = [
    ["From: Bob", "Sent: Sunday, 3 May 2026", "To: Desk", "Subject: Order"],
    ["*From:* Bob", "*Date:* Sunday", "*To:* Desk", "*Subject:* Order"],
    ["Von: Bob", "Gesendet: Sonntag", "An: Desk", "Betreff: Bestellung"],
    ["De : Bob", "Envoyé : dimanche", "À : Desk", "Objet : Commande"],
    ["De: Bob", "Enviado el: domingo", "Para: Desk", "Asunto: Pedido"],
    ["Da: Bob", "Inviato: domenica", "A: Desk", "Oggetto: Ordine"],
    ["Van: Bob", "Verzonden: zondag", "Aan: Desk", "Onderwerp: Bestelling"],
    ["От: Bob", "Отправлено: воскресенье", "Кому: Desk", "Тема: Заказ"],
    ["发件人: Bob", "发送时间: 2026年5月3日", "收件人: Desk", "主题: 订单"],
]
SEPARATORS = [
    "-----Original Message-----",
    "---------- Forwarded message ---------",
    "-----Ursprüngliche Nachricht-----",
    "-------- Message d'origine --------",
    "-----Mensaje original-----",
    "----- Messaggio originale -----",
    "-----Oryginalna wiadomość-----",
    "-------- Исходное сообщение --------",
    "------------------ 原始邮件 ------------------",
    "##- Please type your reply above this line -##",
    "Begin forwarded message:",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attributed_quotation_is_folded(attribution: str) -> None:
    reply = split_quoted(f"Thank you!\n\n{attribution}\n\n> Dear Ana\n> Your order has left.\n")

    assert reply.fresh.strip() == "Thank you!"
    assert reply.quoted.startswith(attribution)


def test_a_wrapped_attribution_is_folded_whole() -> None:
    reply = split_quoted("Yes.\n\nOn Mon, 3 May 2026 at 10:00, Bob\nSmith of the Desk\n<bob@example.com> wrote:\n> hi")

    assert reply.fresh.strip() == "Yes."


def test_a_quotation_without_marks_is_folded_below_a_dated_attribution() -> None:
    reply = split_quoted("Yes.\n\nOn 3 May 2026, at 10:00, Bob <bob@example.com> wrote:\n\nDear Ana,\nyour order\n")

    assert reply.fresh.strip() == "Yes."


@pytest.mark.parametrize("separator", SEPARATORS)
def test_everything_below_a_separator_is_folded(separator: str) -> None:
    reply = split_quoted(f"See below.\n\n{separator}\nDear Ana\n")

    assert reply.fresh.strip() == "See below."
    assert reply.quoted.startswith(separator)


@pytest.mark.parametrize("block", HEADER_BLOCKS, ids=lambda block: block[0])
def test_everything_below_the_headers_of_an_older_mail_is_folded(block: list[str]) -> None:
    reply = split_quoted("\n".join(["Thanks", "", "_" * 32, *block, "", "Dear Ana"]))

    assert reply.fresh.strip() == "Thanks"
    assert reply.quoted.startswith("____")


@pytest.mark.parametrize(
    ("situation", "text"),
    [
        ("a person's own colon", "Hi,\nOn Monday I wrote:\nplease help me"),
        ("only a quotation", "> Dear Ana\n> bye"),
        ("only a forwarded mail", "---------- Forwarded message ---------\nFrom: Bob\nDate: today\nTo: x\n\nhello"),
        ("answers between the lines", "On 3.5.2026 10:00 Bob wrote:\n> one?\nyes\n> two?\nno"),
        ("a list with colons", "From: Berlin\nI travel tomorrow.\nThanks"),
        ("nothing", ""),
        ("nothing quoted", "Hello\n\nplease help\n-- \nAna"),
    ],
)
def test_what_is_no_quotation_stays(situation: str, text: str) -> None:
    reply = split_quoted(text)

    assert (reply.fresh, reply.quoted) == (text, ""), situation


def test_answers_between_the_lines_stay_and_the_rest_of_the_quotation_folds() -> None:
    reply = split_quoted("Hi\nOn 3.5.2026 10:00 Bob wrote:\n> one?\nyes\n> two?\n> signature\n")

    assert reply.fresh == "Hi\nOn 3.5.2026 10:00 Bob wrote:\n> one?\nyes"
    assert reply.quoted == "> two?\n> signature\n"


def test_an_answer_below_the_quotation_is_fresh() -> None:
    reply = split_quoted("On 3.5.2026 10:00 Bob <bob@example.com> wrote:\n> one?\n> two?\n\nYes to both.\n")

    assert reply.fresh == "Yes to both.\n"
    assert reply.quoted.endswith("> two?\n")


LINES = st.one_of(
    st.text(max_size=20).filter(lambda line: "\n" not in line),
    st.sampled_from([*ATTRIBUTIONS, *SEPARATORS, *HEADER_BLOCKS[0], "> quoted", ">", "", "  ", "mine", "_" * 20]),
)


@given(st.lists(LINES, max_size=30))
def test_no_line_is_lost_and_fresh_is_never_empty(lines: list[str]) -> None:
    text = "\n".join(lines)

    reply = split_quoted(text)

    kept = [line for part in (reply.fresh, reply.quoted) for line in part.split("\n") if line]
    assert sorted(kept) == sorted(line for line in lines if line)
    assert reply.fresh.strip() or not text.strip()
