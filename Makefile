# make create ENV=azure|gcp|databricks    also: plan, destroy, refresh-conf; YES=1 asks nothing
# make image                              the image, by docker; deploy/image/build-local does without
HERE := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
INFRASTRUCTURE := $(HERE)deploy/infrastructure
ASKED := $(if $(YES),--yes)
TAG ?= arclight:latest
VERSION := $(shell sed -n 's|^  <version>\(.*\)</version>|\1|p;' $(HERE)pom.xml | head -n 1)

.PHONY: help create plan destroy refresh-conf image known-environment

help:
	@sed -n '1,2s/^# //p' $(HERE)Makefile

create plan destroy refresh-conf: known-environment
	@$(INFRASTRUCTURE) $@ $(ENV) $(ASKED)

known-environment:
	@case '$(ENV)' in azure | gcp | databricks) ;; \
	  *) echo "make: ENV is '$(ENV)'; expected ENV=azure, ENV=gcp or ENV=databricks" >&2; exit 2 ;; esac

image:
	docker build -f $(HERE)deploy/image/Dockerfile --build-arg ARCLIGHT=arclight-$(VERSION).tar.gz -t $(TAG) $(HERE)dist/target
