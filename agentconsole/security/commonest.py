"""The passwords, and the cores of passwords, that anyone would try first; in lower case."""

_WORDS = """
12345678 123456789 1234567890 0123456789 87654321 987654321 9876543210 0987654321 11223344 1122334455 12341234
123123123 123321123 12344321 11112222 147258369 123654789 789456123 159357456 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y
1qaz2wsx 1qaz2wsx3edc zaq12wsx q1w2e3r4 q1w2e3r4t5 qwer1234 asdf1234 1234qwer abcd1234 1234abcd a1b2c3d4 abc12345
abcdefgh abcdefghi abcdabcd abc123abc qwertyui qwertyuiop qwertzui qwertzuiop azertyui azertyuiop asdfghjk asdfghjkl
asdfasdf qweasdzxc zxcvbnm qwerty qwertz azerty qwertyqwerty asdfgh zxcvbn qazwsx qazwsxedc abcdef password
passwords passwort passw0rd p@ssword p@ssw0rd pa$$word pa55word pass1234 password1 mypassword thepassword passpass
newpassword temppassword motdepasse contrasena contraseña parola wachtwoord senha salasana haslo heslo letmein
letmeinnow welcome welcomeback welcometo changeme changeit changethis pleasechange trustno1 whatever nothing secret
topsecret mysecret default testtest test1234 tester testing testuser testpass guest guestguest temp temporary admin
administrator adminadmin superadmin superuser sysadmin rootroot root toor system master manager supervisor operator
service services support helpdesk customer customerservice customercare agent agentconsole desk console computer
internet iloveyou iloveyou2 iloveu loveyou lovelove sweetheart princess sunshine football baseball basketball
superman batman spiderman starwars pokemon dragon monkey shadow michael jennifer jessica michelle charlie jordan
mustang corvette mercedes ferrari chocolate cheesecake butterfly snowflake flower freedom liberty destiny blessed
angel buster hunter killer maverick liverpool chelsea arsenal barcelona juventus realmadrid bluebird computer1
samsung google facebook microsoft windows january february march april june july august september october november
december monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter
"""

COMMONEST = frozenset(_WORDS.split())
