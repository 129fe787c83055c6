"""EasyFlor, an ERP of the flower and plant trade: its debtors, read and never written (easyflor-api)."""
