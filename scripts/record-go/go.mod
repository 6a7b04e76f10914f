module pillion/record-go

go 1.24
