PYTHON ?= python3
.PHONY: demo test check torture bench docs format
demo test check torture bench docs format:
	@$(PYTHON) dev.py $@
