PYTHON ?= python3
.PHONY: demo test check torture bench docs messages format
demo test check torture bench docs messages format:
	@$(PYTHON) dev.py $@
