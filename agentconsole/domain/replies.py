"""A reply split into what its writer wrote and what the mail program quoted around it; nothing is ever deleted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LINE_LOOKED_AT = 400
_SHORTEST_ATTRIBUTION = 6
_ATTRIBUTION_LINES = 3
_HEADER_BLOCK_LINES = 8

# Each vocabulary below is what mail programs write in the languages customers write in. They are matched at one end of
# a line of at most 400 characters, so that no line costs more than a constant.
_WROTE_WORDS = (
    "wrote writes schrieb geschrieben écrit escribió escribio scritto scrive escreveu schreef skrev kirjoitti napisał"
    " napisała napisał(a) napsal napsala napsal(a) napísal napísala написал написала написал(а) писал писала пишет"
    " написав пише írta yazdı έγραψε написа pisal napisao napisala scris viết menulis लिखा লিখেছেন kirjutas rakstīja"
    " rašė parašė escriure idatzi כתב כתבה كتب كتبت نوشت"
)
_WROTE = frozenset(_WROTE_WORDS.split())
_WROTE_UNSPACED = ("写道", "寫道", "写了", "書きました", "のメッセージ", "작성", "เขียน", "เขียนว่า")
# These put the verb before the name: "Am 3. Mai schrieb Bob <bob@example.com>:".
_WROTE_BEFORE_NAME = frozenset({"schrieb", "schreef", "skrev", "kirjoitti", "wrote"})
_OPENS_ATTRIBUTION = re.compile(
    r"(?:on|am|le|el|il|em|op|den|dne|dňa|w dniu|dnia|pada|в|vào|при|στις|tarihinde|ma|na|а|az)\b|[\d\[\"']",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(r"@|\b\d{4}\b")

_SEPARATOR = re.compile(
    r"original message|original appointment|forwarded message|reply above this line|please type your reply"
    r"|ursprüngliche nachricht|original-?nachricht|weitergeleitete nachricht|message d'origine|message original"
    r"|message transféré|mensaje original|mensaje reenviado|mensagem original|mensagem encaminhada"
    r"|messaggio originale|messaggio inoltrato|oorspronkelijk bericht|doorgestuurd bericht|ursprungligt meddelande"
    r"|originalmeddelande|opprinnelig melding|oprindelig meddelelse|alkuperäinen viesti|oryginalna wiadomość"
    r"|wiadomość oryginalna|původní zpráva|исходное сообщение|пересылаемое сообщение|оригинално съобщение"
    r"|ori[gj]inal mesaj|eredeti üzenet|αρχικό μήνυμα|mesaj original|原始邮件|原始郵件|转发邮件|元のメッセージ"
    r"|원본 메시지|원본 메일|tin nhắn gốc|pesan asli|मूल संदेश|الرسالة الأصلية|הודעה מקורית",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié"
    r"|inicio del mensaje reenviado|inizio messaggio inoltrato|begin doorgestuurd bericht",
    re.IGNORECASE,
)
_SENDER_WORDS = (
    "from|von|de|da|van|från|fra|lähettäjä|od|от|від|kimden|feladó|από|di|expeditor"
    "|发件人|寄件者|寄件人|差出人|보낸 ?사람|từ|dari|من|מאת"
)
_HEADER_WORDS = (
    _SENDER_WORDS + "|sent|date|to|cc|bcc|subject|reply-to|gesendet|datum|an|betreff|envoyé|à|objet|enviado(?: el)?"
    "|fecha|para|asunto|enviada em|data|assunto|inviat[oa]|a|oggetto|verzonden|aan|onderwerp|skickat|till|ämne|sendt"
    "|til|emne|dato|lähetetty|päivämäärä|vastaanottaja|aihe|wysłano|do|temat|odesláno|komu|předmět|predmet"
    "|отправлено|дата|кому|тема|gönderildi|tarih|kime|konu|küldve|címzett|tárgy|στάλθηκε|προς|θέμα|trimis|către"
    "|subiect|发送时间|日期|收件人|主题|傳送時間|收件者|主旨|送信日時|日時|宛先|件名"
    "|보낸 ?날짜|날짜|받는 ?사람|제목|ngày|tới|chủ đề"
    "|dikirim|tanggal|kepada|subjek|التاريخ|إلى|الموضوع|תאריך|אל|נושא"
)
_SENDER_LINE = re.compile(rf"\*?(?:{_SENDER_WORDS})\s?\*?\s?[:：]", re.IGNORECASE)
_HEADER_LINE = re.compile(rf"\*?(?:{_HEADER_WORDS})\s?\*?\s?[:：]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """Hold both halves of a mail: `fresh` is shown, `quoted` is folded away; together they keep every line."""

    fresh: str
    quoted: str


def split_quoted(text: str) -> Reply:
    r"""Split off the quotation at the end of a mail, or the single one at its start, in several languages.

    Answers between quoted lines keep the quoted lines around them. When nothing of the writer's own would be left
    (a mail that only forwards), everything is fresh. `text` has `\n` line ends; time is linear in its length.
    """
    lines = text.split("\n")
    end = _tail_start(lines)
    if not _has_text(lines, 0, end):
        return Reply(text, "")
    start = _after_leading_quote(lines, end)
    return Reply("\n".join(lines[start:end]), "\n".join(lines[:start] + lines[end:]))


def _tail_start(lines: Sequence[str]) -> int:
    """Find the first line of the quotation that runs to the end of the mail; the number of lines when there is none."""
    end = _marked_block(lines)
    run = _quote_run(lines, end)
    return end if run == end else _with_attribution(lines, run)


def _marked_block(lines: Sequence[str]) -> int:
    """Find the first line that says by itself that all below it is an older mail, with text of the writer above it."""
    written = False
    for number, line in enumerate(lines):
        head = line and line[:_LINE_LOOKED_AT].strip()
        if not head or head[0] == ">":
            continue
        if head[0] in "-_=*#" or ":" in head or "：" in head:
            start = _block_start(lines, number, head)
            if start is not None:
                # A mail that begins with an older one only forwards it: that is what its writer has to say.
                return start if written else len(lines)
        written = True
    return len(lines)


def _block_start(lines: Sequence[str], number: int, head: str) -> int | None:
    """Say where an older mail begins if this line says that one does."""
    if _is_separator(head) or _opens_header_block(lines, number, head):
        return _with_rule(lines, number)
    if _is_attribution(lines[number]) and _heads_unmarked_quotation(lines, number):
        return _attribution_start(lines, number)
    return None


def _is_separator(head: str) -> bool:
    words = head.lstrip("-_=*# ")
    if len(head) - len(words) >= 2:
        return _SEPARATOR.match(words) is not None
    return head[-1] == ":" and len(head) > 20 and _FORWARD.match(head) is not None


def _opens_header_block(lines: Sequence[str], number: int, head: str) -> bool:
    """Say whether an older mail's headers stand here, as Outlook quotes: a sender and two more within a few lines."""
    if not _SENDER_LINE.match(head):
        return False
    below = lines[number + 1 : number + _HEADER_BLOCK_LINES]
    return sum(1 for line in below if _HEADER_LINE.match(line[:_LINE_LOOKED_AT].strip())) >= 2


def _is_attribution(line: str) -> bool:
    """Say whether a line ends as "… wrote:" does, or as "… schrieb Bob <bob@example.com>:"."""
    if not _SHORTEST_ATTRIBUTION <= len(line) <= _LINE_LOOKED_AT:
        return False
    said = line.rstrip()
    words = said.rstrip(" :：\u00a0\u202f").casefold().split()
    if said[-1:] not in (":", "：") or not words:
        return False
    if words[-1] in _WROTE or words[-1].endswith(_WROTE_UNSPACED):
        return True
    return "@" in words[-1] and not (_WROTE.isdisjoint(words[-2:-1]) and _WROTE_BEFORE_NAME.isdisjoint(words))


def _heads_unmarked_quotation(lines: Sequence[str], number: int) -> bool:
    """Say whether a "… wrote:" with a full date or an address heads lines without ">".

    "On Monday I wrote:" is a person's sentence, and what follows it is meant to be read.
    """
    attribution = lines[max(0, number - _ATTRIBUTION_LINES + 1) : number + 1]
    if not any(_ADDRESSED.search(line[:_LINE_LOOKED_AT]) for line in attribution):
        return False
    below = next((line for line in lines[number + 1 : number + 4] if line.strip()), ">")
    return not _is_quoted(below)


def _with_rule(lines: Sequence[str], number: int) -> int:
    """Take the line of underscores above an older mail's headers along with it."""
    above = lines[number - 1][:_LINE_LOOKED_AT].strip() if number else ""
    return number - 1 if len(above) >= 8 and not above.strip("_-") else number


def _quote_run(lines: Sequence[str], end: int) -> int:
    """Find where the run of quoted and blank lines begins that ends at `end`; `end` when no quoted line is in it."""
    start = end
    for number in range(end - 1, -1, -1):
        if _is_quoted(lines[number]):
            start = number
        elif lines[number] and not lines[number].isspace():
            break
    return start


def _with_attribution(lines: Sequence[str], start: int) -> int:
    """Take the attribution above a quotation along with it, across the blank line some programs put between them."""
    number = next((above for above in (start - 1, start - 2) if above >= 0 and lines[above].strip()), -1)
    if number < 0:
        return start
    line = lines[number]
    heads = _is_attribution(line) or (line.rstrip()[-1:] in (":", "：") and _ADDRESSED.search(line[:_LINE_LOOKED_AT]))
    return _attribution_start(lines, number) if heads else start


def _attribution_start(lines: Sequence[str], number: int) -> int:
    """Find the line on which an attribution that ends on `number` begins; mail programs wrap it over up to three."""
    for first in range(number, max(-1, number - _ATTRIBUTION_LINES), -1):
        line = lines[first][:_LINE_LOOKED_AT].strip()
        if not line or _is_quoted(line):
            break
        if _OPENS_ATTRIBUTION.match(line):
            return first
    return number


def _after_leading_quote(lines: Sequence[str], end: int) -> int:
    """Find where the writer's text begins below a single quotation at the top; 0 when the mail is not written so."""
    first = next(number for number in range(end) if lines[number].strip())
    top = next((number for number in range(first, min(end, first + 5)) if _is_quoted(lines[number])), end)
    if top == end or (top > first and _with_attribution(lines, top) != first):
        return 0
    after = next((number for number in range(top, end) if lines[number].strip() and not _is_quoted(lines[number])), end)
    return 0 if after == end or any(_is_quoted(line) for line in lines[after:end]) else after


def _is_quoted(line: str) -> bool:
    return line != "" and (line[0] == ">" or line[:4].lstrip()[:1] == ">")


def _has_text(lines: Sequence[str], start: int, end: int) -> bool:
    return any(lines[number] and not lines[number].isspace() for number in range(start, end))
