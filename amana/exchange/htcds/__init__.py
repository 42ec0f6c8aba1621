"""What was disclosed to one team, in the fields of the Human Trafficking Case Data
Standard 2.0 (IOM, 2021, CC BY 4.0; no endorsement by IOM)."""
