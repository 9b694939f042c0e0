# Each target is a short list of commands. Slow targets are skipped while their inputs are unchanged.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
# The format of bash's `time`.
TIMEFORMAT := took %0R s
export PYTHON TIMEFORMAT

# Defaults of the variables that `make help` lists. The programs have the defaults of the others.
LAMBDA_PORT ?= 9000
STACK ?= terrace
export LAMBDA_PORT

# The template deploys every function, for arm64.
ifneq ($(and $(filter deploy,$(MAKECMDGOALS)),$(strip $(CONTEXT)$(ARCHITECTURE))),)
$(error deploy takes neither CONTEXT nor ARCHITECTURE: it builds all functions for the architecture in template.yaml)
endif

CARGO_DENY := 0.20.2
FUNCTIONS := $(notdir $(wildcard functions/*))
# What is measured alone, in the release profile: functions, and the least that a function does.
BENCHED := $(addprefix --package ,catalog orders dashboard identity limits) $(addprefix --bin ,get_product confirm_order \
	get_dashboard log_in authorize_read hello bare_get_item)

.PHONY: help run watch seed operator test release-test bench baseline contract contract-test aws-clients check format clippy tidy drift lint-template audit build deploy clean

help: ## list the targets and the variables
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  TERRACE_PORT           the API's port, for run, watch and seed (4000)"
	@echo "  TERRACE_AWS_PORT       the port of the AWS services that functions call (4001)"
	@echo "  TERRACE_CONSOLE_PORT   the console's port (4002)"
	@echo "  TERRACE_DATA           the folder that keeps the data of run and watch (.local)"
	@echo "  TERRACE_OPERATORS_PORT the port of the operators' API (4003)"
	@echo "  TERRACE_CREDENTIALS    the file with the keys of who seeds or operates (credentials in TERRACE_DATA)"
	@echo "  TERRACE_PROFILE        the profile there (operator)"
	@echo "  ARGS                   what to do, for operator (none: terrace says what it can)"
	@echo "  LAMBDA_PORT            the port of cargo-lambda, for watch (9000)"
	@echo "  QUICK                  1 for fewer rounds, for bench"
	@echo "  QUESTIONS              some of them, for bench (all: cold warm instructions house capacity growth events limits local-cloud)"
	@echo "  CONTEXT                a folder of functions/, for build (all of them)"
	@echo "  ARCHITECTURE           arm64 or x86-64, for build (arm64)"
	@echo "  STACK                  the stack's name, for deploy (terrace)"

run: ## build, start the backend on this machine and seed two demo tenants; Ctrl-C stops it
	cargo build --workspace --bins
	@infra/run.sh

watch: .venv/.build-tools ## like run, with functions rebuilt and restarted as you edit (cargo-lambda)
	cargo build --workspace --bins
	@infra/watch.sh

seed: ## seed a backend that is already running
	@cargo run --quiet --bin seed

# The keys are those of the local cloud, whatever this machine has of AWS. ARGS are words of a shell.
operator: export AWS_SHARED_CREDENTIALS_FILE := $(or $(TERRACE_CREDENTIALS),$(or $(TERRACE_DATA),.local)/credentials)
operator: export AWS_CONFIG_FILE := /dev/null
operator: export TERRACE_OPERATORS_URL ?= http://127.0.0.1:$(or $(TERRACE_OPERATORS_PORT),4003)
operator: ## operate the running backend from the command line: make operator ARGS="tenants list"
	@cargo run --quiet --bin terrace -- --profile $(or $(TERRACE_PROFILE),operator) $(ARGS)

# The tests run the binaries, so these are built first. The binaries have no unit tests: with `--lib --test '*'`, cargo
# links no test harness for them.
test: .venv/.contract-fuzz ## run all tests
	@rm -rf target/debug/wire-proof
	time cargo build --workspace --bins
	time cargo test --workspace --lib --test '*'
	time cargo test --workspace --doc
	@time cargo run --quiet --bin contract_fuzz -- 2 1 anyone member admin
	@cat target/debug/wire-proof/suite target/debug/wire-proof/contract_fuzz

release-test: ## send raw bytes and broken events to a function of the release profile
	cargo build --workspace --bins
	cargo build --release $(addprefix --package ,$(FUNCTIONS)) --bin get_product
	cargo test --workspace --test suite -- --ignored nothing_that_is_sent_ends_a_process_of_the_release_profile

bench: ## measure speed, memory, capacity and cost beside peers, into docs/bench; QUICK=1: shorter, into target/bench
	time cargo build --profile quick --workspace --bins
	time cargo build --release $(BENCHED)
	@# The reports name each peer and each emulator that cannot be installed.
	-@tests/bench/install.sh express_lambda
	-@tests/bench/install.sh express_server
	-@$(MAKE) -k .venv/.build-tools .tools/.ministack
	@target/quick/bench $(if $(QUICK),--quick --report target/bench,--report docs/bench) $(QUESTIONS)

baseline: ## count the instructions of warm invocations anew, into infra/bench/baseline.json
	cargo build --profile quick --workspace --bins
	cargo build --release $(BENCHED)
	@target/quick/bench --set-baseline instructions

contract-test: .venv/.contract-fuzz ## test the running API with Schemathesis, as each role, with a fixed and a random seed
	cargo build --workspace --bins
	@cargo run --quiet --bin contract_fuzz -- 25 1
	@cargo run --quiet --bin contract_fuzz -- 25 $$RANDOM

aws-clients: .tools/.aws-clients ## run boto3 and the AWS CLI, unmodified, against a cloud of their own
	cargo build --workspace --bins
	@.tools/aws-clients/bin/python -B infra/aws_clients.py $${CARGO_TARGET_DIR:-target}/debug .tools/aws-clients/bin/aws

contract: ## write docs/api and docs/events from the code: the OpenAPI document, schemas of events, tables
	cargo build --workspace --bins
	@cargo run --quiet --bin contract

check: format clippy tidy drift lint-template ## formatting, clippy, the workspace's rules, the contract, the template's linters

format:
	time cargo fmt --all --check

clippy:
	time cargo clippy --workspace --all-targets --quiet -- --deny warnings

tidy:
	time cargo test --quiet --workspace --test tidy

drift:
	time cargo build --quiet --workspace --bins
	@cargo run --quiet --bin contract -- --check

lint-template: .venv/.template-linted

audit: .tools/.cargo-deny-$(CARGO_DENY) ## check the dependencies: bans, licences, sources, and advisories if their database can be fetched
	@infra/audit.sh .tools/bin/cargo-deny

build: .venv/.build-tools ## build release zips of all functions, into target/lambda; CONTEXT=orders: of one context
	@rm -rf target/lambda
	time PATH="$(CURDIR)/.venv/bin:$$PATH" cargo lambda build $(addprefix --package ,$(or $(CONTEXT),$(FUNCTIONS))) --release \
		--$(or $(ARCHITECTURE),arm64) --output-format zip
	@infra/sizes.sh target/lambda

deploy: build .venv/.linters ## deploy the stack with your AWS credentials; asks for the stack's parameters
	.venv/bin/sam deploy --guided --template-file template.yaml --stack-name $(STACK) --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND

clean: ## remove build output, tools and local data
	cargo clean
	rm -rf .venv .tools .local

.venv/.linters: infra/requirements.txt
	@infra/venv.sh .venv $<
	@touch $@

.venv/.contract-fuzz: infra/requirements-contract-fuzz.txt
	@infra/venv.sh .venv $<
	@touch $@

.venv/.build-tools: infra/requirements-build.txt
	@infra/venv.sh .venv $<
	@touch $@

.tools/.aws-clients: infra/requirements-aws-clients.txt
	@infra/venv.sh .tools/aws-clients $<
	@touch $@

.tools/.ministack: tests/bench/requirements.txt
	@infra/venv.sh .tools/ministack $<
	@touch $@

.tools/.cargo-deny-$(CARGO_DENY):
	@echo "Building cargo-deny $(CARGO_DENY) into .tools …"
	cargo install --quiet --locked --root .tools cargo-deny@$(CARGO_DENY)
	@touch $@

# The linters run offline and without credentials. They substitute the region into names and call nothing in it.
.venv/.template-linted: export AWS_DEFAULT_REGION := eu-west-1
.venv/.template-linted: export SAM_CLI_TELEMETRY := 0
.venv/.template-linted: export PYTHONDONTWRITEBYTECODE := 1
.venv/.template-linted: template.yaml $(wildcard infra/stacks/*.yaml infra/*.py) .venv/.linters
	templates=$$(.venv/bin/python infra/translate.py template.yaml); for template in $$templates; do \
		.venv/bin/sam validate --lint --template "$$template"; \
		.venv/bin/cfn-lint --template "$$template"; \
	done
	.venv/bin/python infra/check_translated.py template.yaml
	.venv/bin/python infra/test_wall.py template.yaml
	.venv/bin/python infra/test_stacks.py
	@touch $@
