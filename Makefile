PYTHON ?= python3
.PHONY: demo test check package lowest torture bench docs messages format
demo test check package lowest torture bench docs messages format:
	@$(PYTHON) dev.py $@
