PYTHON ?= python3
.PHONY: demo test check bench docs format
demo test check bench docs format:
	@$(PYTHON) dev.py $@
