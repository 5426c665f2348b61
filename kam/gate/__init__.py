"""The gate of the office mode: who is kept as a user, who is signed in, and what is answered to everybody else.

    passwords  a password as its scrypt hash
    users      the users' file: read, checked, written whole
    sessions   signed cookies that hang on a user's entry; who signed out
    tries      five tries a minute
    office     the three together, one of them a process
    signing_in the sign-in page, a small form without a script
    doors      the ASGI middleware before everything that the server answers

Knows neither Streamlit nor the data. Without KAM_USERS there are no users: the doors then only look at host names and headers.
"""

from kam.gate.doors import Gate
from kam.gate.office import Office, office
from kam.gate.users import Users

__all__ = ["Gate", "Office", "Users", "office"]
