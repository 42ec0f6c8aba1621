"""How work is judged and a certificate is earned: pure, no Django."""
