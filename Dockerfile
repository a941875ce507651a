# The wheels are fetched by hash.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock ./
RUN pip wheel --no-cache-dir --require-hashes -r requirements.lock -w /wheels
COPY . ./
RUN pip wheel --no-cache-dir --no-deps -w /wheels . \
 && python -m venv /opt/answerable \
 && /opt/answerable/bin/pip install --no-cache-dir --no-index --find-links /wheels answerable

FROM python:3.13-slim
# A fixed number, so that a volume's files belong to the same user after every upgrade.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin answerable \
 && install -d -o answerable -g answerable -m 0700 /data
COPY --from=build /opt/answerable /opt/answerable
ENV PATH=/opt/answerable/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ANSWERABLE_DATABASE_URL=sqlite:////data/answerable.db \
    ANSWERABLE_SIGNING_KEY_FILE=/data/answerable-signing.key \
    ANSWERABLE_DRAW_KEY_FILE=/data/answerable-draw.key \
    ANSWERABLE_LISTEN=0.0.0.0:8080
USER answerable
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
CMD ["answerable", "serve"]
