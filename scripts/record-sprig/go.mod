module record-sprig

go 1.24

require github.com/Masterminds/sprig/v3 v3.2.3

require (
	dario.cat/mergo v1.0.2 // indirect
	github.com/Masterminds/goutils v1.1.1 // indirect
	github.com/Masterminds/semver/v3 v3.2.0 // indirect
	github.com/google/uuid v1.1.1 // indirect
	github.com/huandu/xstrings v1.3.3 // indirect
	github.com/imdario/mergo v0.3.13 // indirect
	github.com/mitchellh/copystructure v1.0.0 // indirect
	github.com/mitchellh/reflectwalk v1.0.0 // indirect
	github.com/shopspring/decimal v1.3.1 // indirect
	github.com/spf13/cast v1.6.0 // indirect
	golang.org/x/crypto v0.3.0 // indirect
)

// Sprig 3.2.3 asks for the old name; Debian builds it with this release.
replace github.com/imdario/mergo => dario.cat/mergo v1.0.1
