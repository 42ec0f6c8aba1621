"""When what was missed is asked again. Pure: no Django."""
