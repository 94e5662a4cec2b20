"""Documents of the field's exchange formats (EPCIS 2.0, GS1 EUDR messages), in and out of the fact tables."""
