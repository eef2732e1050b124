"""How well the router routes: left-out repositories, beside naive grep; and the command that freezes its weights."""
