export const help = `motorwatch factory: early warning for electric motors, live in the terminal

  npm start                        a small factory, simulated at 60 times real time, with faults on the way
  npm start -- [options]           the same with options

What is watched
  --input FILE|DIR|-    readings as lines of JSON, plain or .gz; a folder's files by name; - is standard input
                        left out: the simulation
  --rules NAME|FILE     'reference' (the limits of the baseline), or a file of rules as JSON
                        left out: rules made for the simulated machines; 'reference' with --input
  --speed N|max         times real time: 60 is a minute a second
                        left out: 60 in the simulation, max with --input

The simulation
  --machines N          1 to 1000; left out: 5
  --duration TIME       of event time, such as 90s, 10m or 1h30m
                        left out: endless in a terminal, 1h on a pipe
  --seed N              another seed, another factory with other faults; left out: 1

The live page: its address is printed, such as http://127.0.0.1:8090/
  --port N              left out: 8090, or the next one that is free
  --host ADDRESS        0.0.0.0 for others to see it, who then need the token in the address; left out: this machine alone
  --zone NAME           the plant's time zone, such as Asia/Jakarta; left out: that of this machine
  --no-web              no page

What is kept
  --out DIR             alarms.jsonl, rejected.jsonl (what could not be taken in, and why), lake/ (Parquet: readings,
                        summaries, alarms), commands.jsonl (what was asked for on the page) and checkpoints/. Started again with the same options, it goes on
                        exactly where it stopped, after a crash too; when the data have ended, the run has too,
                        and more data need another DIR. Left out: nothing is written
  --report FILE         at the end, what was seen, as JSON: readings, rejected, anomalies, every alarm with its times,
                        and how the alarms bear on people: alarms a day, share in flood, priorities, the ten worst.
                        Beside it FILE.alarms.jsonl, which with --out stays: a start that goes on needs it.
                        Left out: report.json in DIR

On servers: with MOTORWATCH_KAFKA_BROKERS=host:port it watches what is in Kafka, until it is stopped
  --page                the live page of what all workers do, as one plant, with --port, --host, --zone and --rules as above: give it the
                        rules of the workers. It shows the alarms that they make, and hands them what is asked for on it; it
                        watches nothing itself, and may be started, stopped, and be there more than once, at any time
  --register FILE       the machines as JSON, { "machines": [{ "id": "M1", "area": "hall", "nameplate": { "ratedCurrent": 20 } }] },
                        and what 'motorwatch learn' has learned of them; for workers, all of them alike, and for --page.
                        Left out: limits by nameplates, and whether machines run, are not known
  --feed                send the simulation, or --input, to Kafka instead, and watch nothing
  --until caught-up     end where the topics end now
  --dry-run             from the checkpoints to where the topics end now: the alarms that would come, and nothing is
                        written. Other rules do not fit the checkpoints: try them under a MOTORWATCH_KAFKA_GROUP of its own
  --rewind PLACE        workers are stopped, what the pipeline knows is forgotten, and the next worker reads on from
                        there: 'committed' (where they stand), 'earliest', 'latest', or a time at which messages were
                        written, such as 2026-01-05T06:00:00Z. What is made again is told again
  --repair              workers are stopped, and the next one makes again all that topics and journal hold: what is
                        missing in InfluxDB or S3 is there again, and no alarm is told twice
  --rules, --out        as above; --out holds what no server takes. Left out: motorwatch-data
  --print-config        what the environment says, without its secrets
                        Points go to InfluxDB where MOTORWATCH_INFLUX_URL and _TOKEN say so, the lake and checkpoints
                        to S3 where MOTORWATCH_S3_ENDPOINT, _ACCESS_KEY and _SECRET_KEY do. Each variable may be
                        given as the name of a file that holds it, with _FILE behind its name.
                        TLS and users: MOTORWATCH_KAFKA_CA_FILE (or _TLS=true), _SASL, _USERNAME, _PASSWORD;
                        MOTORWATCH_INFLUX_CA_FILE; MOTORWATCH_S3_CA_FILE. docs/security.md tells more
                        MOTORWATCH_KAFKA_TOPICS=a,b (or /sensor_.*/): other topics than those of the reference project
                        MOTORWATCH_KAFKA_EVENTS=seed: events in the format of the reference project
                        MOTORWATCH_HTTP=9464 (or 0.0.0.0:9464) serves /metrics for Prometheus and /health;
                        MOTORWATCH_LOG=json prints lines for machines

Who is told of alarms, in all of these: MOTORWATCH_ALERTMANAGER_URL; MOTORWATCH_WEBHOOK_URL, _SECRET, _TEMPLATE;
MOTORWATCH_SMTP_URL, _FROM, _TO; MOTORWATCH_NOTIFY_MQTT_URL, _TOPIC, _RETAIN. When: MOTORWATCH_NOTIFY_REPEAT=4h, _MAX_AGE=1d,
_GROUP_BY=machine, _QUIET=22:00-06:00, _ZONE=Asia/Jakarta, _PAGE. With --out nothing is told twice after a crash. docs/notifications.md tells more

With MOTORWATCH_MQTT_URL=mqtt://host:1883 and MOTORWATCH_MQTT_TOPICS=plant/{machine}/{sensor} (or spBv1.0/plant1/#, for
Sparkplug B) it watches what comes from an MQTT broker, until it is stopped. --rules, --out and --report as above; out: what
has come is kept there in spool/ until it is not needed any more. Left out: motorwatch-data
                        MOTORWATCH_MQTT_CLIENT_ID (motorwatch), _VERSION (5 or 3.1.1), _USERNAME, _PASSWORD, _CA_FILE.
                        docs/mqtt.md tells what is guaranteed

  -h, --help            this text

Ctrl-C stops in order: it saves and tells how to go on. A second Ctrl-C quits at once.
On a pipe it prints plain lines instead of the live view. NO_COLOR=1: without colours. DEBUG=1: errors with their stack.
Exit code: 0 done or stopped in order, 1 failed, 2 wrong options.

Examples
  npm start -- --machines 40 --speed 300
  npm start -- --input readings.jsonl --rules reference --report report.json
  npm start -- --input readings/ --out out/may
  zcat readings.jsonl.gz | npm start -- --input - --rules my-rules.json
  npm start -- --speed max --duration 8h | grep RAISED
`
