ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python3 -m venv /opt/gitscrum-mock
ENV PATH=/opt/gitscrum-mock/bin:$PATH

# The dependencies are a layer of their own, so that a change of the code does not fetch them again.
COPY pyproject.toml ./
RUN python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")' \
      > requirements.txt \
    && pip install --quiet --no-compile -r requirements.txt

COPY LICENSE README.md ./
COPY fixtures fixtures
COPY mock_server mock_server
# No pip is needed from here on. Bytecode is made now, since nothing can write it later; it is trusted without a look
# at the source, whose time stamp may differ after the copy. What a sandbox hardly reads stays as source, for the size.
RUN pip install --quiet --no-compile --no-deps . \
    && pip uninstall --quiet --yes pip setuptools \
    && python -m compileall -q --invalidation-mode unchecked-hash \
      -x '/pygments/|/sqlalchemy/testing/|/faker/providers/.*/(?!en_US|pt_BR)[a-z]{2,3}_[A-Z]{2}/' /opt/gitscrum-mock/lib

# The demo profile is seeded now, so that no container has to do it at its start.
RUN gitscrum-mock seed --cache-dir /opt/gitscrum-mock/share/gitscrum-mock /tmp/demo.sqlite

FROM ${PYTHON_IMAGE}
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin sandbox \
    && install --directory --owner sandbox --group sandbox /data
COPY --from=build /opt/gitscrum-mock /opt/gitscrum-mock
ENV PATH=/opt/gitscrum-mock/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    GITSCRUM_MOCK_HOST=0.0.0.0 \
    GITSCRUM_MOCK_PORT=8080 \
    GITSCRUM_MOCK_CACHE_DIR=/tmp/gitscrum-mock

USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 CMD ["gitscrum-mock", "healthcheck"]
ENTRYPOINT ["gitscrum-mock"]
CMD ["serve"]
