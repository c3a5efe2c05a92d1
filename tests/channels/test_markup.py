"""HTML becomes text that hides nothing: tables in columns, links with their targets."""

import pytest

from agentconsole.channels.email.markup import text_of_html


@pytest.mark.parametrize(
    ("situation", "source", "text"),
    [
        ("words", "<p>Hello <b>there</b></p><p>again</p>", "Hello there\n\nagain"),
        ("a line end", "a<br>b", "a\nb"),
        ("scripts and styles", "<style>p{}</style><script>evil()</script>seen", "seen"),
        ("hidden words", '<div style="display:none">hidden</div>seen', "seen"),
        ("a comment", "a<!-- hidden -->b", "ab"),
        ("a link", '<a href="https://evil.example/x">your bank</a>', "your bank <https://evil.example/x>"),
        ("a link to another place", '<a href="https://evil.example">https://bank.example</a>', "https://bank.example <https://evil.example>"),
        ("a link that says where it goes", '<a href="https://a.example/">https://a.example</a>', "https://a.example"),
        ("a mail address", '<a href="mailto:ana@example.com">ana@example.com</a>', "ana@example.com"),
        ("a jump in the page", '<a href="#top">up</a>', "up"),
        ("a link without target", "<a>up</a>", "up"),
        ("a picture", '<img src="x.png" alt="a map">', "[a map]"),
        ("entities", "&lt;b&gt; &amp; &eacute;", "<b> & é"),
        ("nothing", "", ""),
    ],
)  # fmt: skip
def test_html_is_laid_out(situation: str, source: str, text: str) -> None:
    assert text_of_html(source) == (text, True), situation


def test_a_table_keeps_its_columns() -> None:
    text, _ = text_of_html("<table><tr><td>item</td><td>price</td></tr><tr><td>pipette</td><td>9</td></tr></table>")

    assert [line.index("p", 5) if number == 0 else line.index("9") for number, line in enumerate(text.split("\n"))] == [
        9,
        9,
    ]


def test_html_nested_by_the_thousand_still_gives_its_words() -> None:
    text, laid_out = text_of_html("<div>" * 100_000 + "the words" + "<script>evil()</script>")

    assert (text, laid_out) == ("the words", False)


def test_padding_cannot_blow_up_the_text() -> None:
    text, _ = text_of_html("<div style='padding-left:99999px'>a</div>" * 10)

    assert len(text) < 10 * 130
