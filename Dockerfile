# syntax=docker/dockerfile:1
# Pupila in one container: docker build -t pupila . && docker compose up
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends cmake gcc libc6-dev make nasm && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin pupila

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 65532 --no-create-home pupila && install -d -o pupila -m 0700 /data
COPY --from=build /src/target/release/pupila /usr/local/bin/pupila
USER pupila
ENV PUPILA_DATA=/data PUPILA_GATEWAY__HOST=0.0.0.0 PUPILA_TELEMETRY__LOG_FORMAT=json
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["pupila"]
CMD ["serve"]
