FROM node:20.20.2-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM node:20.20.2-slim
WORKDIR /app
ENV NODE_ENV=production
RUN mkdir /data && chown node:node /data
COPY --from=packages /app/node_modules node_modules
COPY package.json tsconfig.json ./
COPY src src
COPY examples examples
USER node
VOLUME /data
ENTRYPOINT ["node", "--import", "tsx", "examples/factory.ts"]
