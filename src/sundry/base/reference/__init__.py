"""What the whole market looks up: countries, currencies, tariff codes, ports, units, Incoterms, rates. Dated."""
