FROM --platform=linux/amd64 postgres:15-alpine
