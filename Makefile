# Every command that a developer or an operator of a checkout needs. `make` lists them.

CARGO ?= cargo
WORK ?= target/pneumonia
IMAGE ?= models/pneumonia/samples/person113_bacteria_540.jpeg

.PHONY: prerequisites help run predict test lint fmt deny bench train update clean

help: ## List the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

prerequisites:
	@scripts/prerequisites.sh

run: prerequisites ## Start Pupila on http://127.0.0.1:8000
	$(CARGO) run --release --bin pupila -- serve

predict: ## Ask a running Pupila about one image (IMAGE=file)
	curl --fail-with-body -F file=@$(IMAGE) http://127.0.0.1:$${PORT:-8000}/predict

test: ## Run all tests; MariaDB, Redis and an S3 server are installed if they are missing
	tests/run.sh

lint: prerequisites ## Check format, clippy and dependencies
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --all-features -- -D warnings
	$(MAKE) deny

deny: ## Check licences, bans and sources of all dependencies
	tests/deny.sh

fmt: ## Format the code
	$(CARGO) fmt --all

bench: prerequisites ## Measure throughput, memory and start
	$(CARGO) build --release --package pupila --package pupila-accounts --package pupila-history --package pupila-bench
	target/release/pupila-bench

train: ## Train the bundled model again (DATA=folder with the chest X-rays)
	cd models/pneumonia/training && python3 train.py --data $(abspath $(DATA)) --work $(abspath $(WORK))

update: ## Bring all dependencies up to date, then test
	$(CARGO) update
	$(MAKE) test

clean: ## Remove what was built
	$(CARGO) clean
