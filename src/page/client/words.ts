/** Everything that the page says. A key that another language lacks is a type error. */
const en = {
  language: 'English',
  overview: 'Overview', lists: 'Set aside', log: 'Events', machines: 'Machines', alarms: 'Alarms', machine: 'Machine', back: 'All machines',
  running: 'running', stopped: 'stopped', starting: 'starting', unknown: 'unknown', silent: 'not heard',
  critical: 'critical', high: 'high', medium: 'medium', low: 'low',
  unacknowledged: 'not acknowledged', acknowledged: 'acknowledged', returned: 'returned, not acknowledged', 'latched-unacknowledged': 'latched, not acknowledged', latched: 'latched',
  shelved: 'shelved', suppressed: 'suppressed by design', 'out-of-service': 'out of service', gone: 'back to normal',
  noData: 'no data to judge by', noAlarms: 'No alarm stands.', standing: 'standing', toAcknowledge: 'to acknowledge',
  simulation: 'Simulation', simulationNote: 'no real machine is behind this', replay: 'Replay', replayNote: 'these data are of the past', speed: '{n} times real time',
  lost: 'Connection lost', lostNote: 'what is shown is as of {time} and may be wrong; connecting again', connecting: 'Connecting', ended: 'The data have ended', stoppedRun: 'The run was stopped', endedNote: 'what is shown is the last that was known',
  alarmsRead: 'The alarms of before are being read', alarmsReadNote: 'messages left: {n}', unwatched: 'No worker is at work', unwatchedNote: 'no alarm is raised or ended; those shown are the last that were known', kafkaLost: 'Connection to Kafka lost', alarmsUnknown: 'Which alarms stand is not known.',
  judged: 'Alarms', judgedNote: 'Readings that workers have not judged yet', upToDate: 'up to date', judgedBehind: '{n} readings behind', beingRead: 'being read', workers: 'Workers', alarmsFrom: 'Alarms known from', alarmsFromNote: 'what has not changed since is no longer where alarms are read from',
  performance: 'Alarm performance', measuresNote: 'by the hour; good practice aims at no more than {perDay} a day for each operator, and {flood} of the time in flood', noMeasures: 'No hour is over yet.', raisedIn: 'raised', perDay: 'a day', mostIn: 'most in 10 min', inFlood: 'in flood', chattering: 'chattering', fleeting: 'fleeting', standingLong: 'over 24 h', raisedMost: 'Raised most, in the last hour shown',
  noneYet: 'Nothing was heard yet', quiet: 'Nothing has come in for {time}',
  plantTime: 'Plant time', age: 'Data', ageNote: '{time} old', delay: 'Delay', delayNote: 'Time by which readings may come late: what is shown is so far behind them', rate: 'Throughput', perSecond: '{n} readings/s', readings: 'Readings', progress: 'Read so far', waiting: 'Waiting',
  ago: '{time} ago', left: '{n} % left', beyond: 'beyond its limit', alarmIn: 'alarm in {time} if it stays', ofLimit: 'share of the limit', ofNormal: 'from normal to the limit', nearest: 'Nearest limit', noLimit: 'no limit known', limit: 'limit',
  acknowledge: 'Acknowledge', shelve: 'Shelve', unshelve: 'Unshelve', reset: 'Reset', 'remove-from-service': 'Out of service', 'return-to-service': 'Back to service', relearn: 'Learn anew', acknowledgeAll: 'Acknowledge all', forHow: 'for', minutes: '{n} min', hours: '{n} h',
  who: 'Who are you?', whoNote: 'Stands beside what you acknowledge or shelve. Kept in this browser.', name: 'Name', save: 'Save', cancel: 'Cancel', asWho: 'as {name}',
  asked: 'asked', done: 'done', refused: 'refused: {why}', notSent: 'not sent: {why}', noAnswer: 'taken, and not answered yet',
  why: 'Why', condition: 'Condition', value: 'Value', margin: 'Margin', atRaise: 'when it was raised', now: 'now', true: 'holds', false: 'does not hold', unknownTruth: 'unknown', decided: 'Decided by', since: 'since', clears: 'Clears when', rule: 'Rule', raised: 'Raised', by: 'by', until: 'until', marginNote: 'Margin: how far it is from turning, above 0 where it holds. Delays are taken for over; what lives by its past is unknown here.', explainedBy: 'explained by', loading: 'Loading',
  quarter: '15 minutes', twoHours: '2 hours', halfDay: '12 hours', span: 'Span', truth: 'Ground truth', truthNote: 'what the simulator really does', noCurve: 'Nothing was heard in this span.', suspectNote: 'suspect readings: marked below, not drawn', windowNote: 'the shaded end of a limit: for so long it must be passed',
  shelvedList: 'Shelved', suppressedList: 'Suppressed by design', outList: 'Out of service', none: 'None.', whose: '{name}: {why}',
  byRule: 'of {rule}', anomalies: 'Anomalies by sensor', anomaliesNote: 'readings beyond a limit, each alone, since the page began to look', noAnomalies: 'No reading was beyond a limit.',
  timeline: 'Timeline', timelineNote: 'last {time}; alarms from raised to cleared', begins: 'begins', fails: 'stops the machine', repaired: 'is repaired', simulator: 'simulator', rulesChanged: 'Rules changed: {added} added, {removed} removed, {changed} changed', noEvents: 'Nothing has happened yet.', pipeline: 'Pipeline', notTaken: 'Not taken in',
  late: 'late', ahead: 'ahead of time', undecodable: 'not decodable', duplicate: 'duplicates', tableTime: 'Time', tableEvent: 'Event', area: 'Area',
  'e-raised': 'raised', 'e-cleared': 'cleared', 'e-escalated': 'higher', 'e-acknowledged': 'acknowledged', 'e-shelved': 'shelved', 'e-unshelved': 'unshelved', 'e-suppressed': 'suppressed', 'e-unsuppressed': 'no longer suppressed', 'e-removed-from-service': 'out of service', 'e-returned-to-service': 'back in service', 'e-reset': 'reset', 'e-data-lost': 'data lost', 'e-data-back': 'data back', 'e-closed': 'closed', 'e-answer-yes': 'done', 'e-answer-no': 'refused',
  theme: 'Light or dark', dark: 'dark', light: 'light', auto: 'auto', languageLabel: 'Language', tokenWrong: 'This page wants its token: open the address that the program has printed, with what stands behind #.', notFound: 'There is no machine of this name, or none was heard yet.', skip: 'To the content', newAlarms: '{n} new alarms. {first}', newAlarm: 'New alarm. {first}', sensors: 'Sensors', menu: 'Views', notice: 'What these data are', suspect: 'suspect', others: '{n} more',
  temperature_coil: 'Winding temperature', vibration_rotor: 'Rotor vibration', current: 'Current', voltage: 'Voltage', pressure: 'Support pressure', temperature_env: 'Hall temperature', humidity_env: 'Hall humidity',
}

export type Words = Readonly<Record<keyof typeof en, string>>
export type Word = keyof typeof en

const id: Words = {
  language: 'Bahasa Indonesia',
  overview: 'Ikhtisar', lists: 'Dikesampingkan', log: 'Kejadian', machines: 'Mesin', alarms: 'Alarm', machine: 'Mesin', back: 'Semua mesin',
  running: 'berjalan', stopped: 'berhenti', starting: 'mulai berjalan', unknown: 'tidak diketahui', silent: 'tidak terdengar',
  critical: 'kritis', high: 'tinggi', medium: 'sedang', low: 'rendah',
  unacknowledged: 'belum diakui', acknowledged: 'diakui', returned: 'kembali normal, belum diakui', 'latched-unacknowledged': 'terkunci, belum diakui', latched: 'terkunci',
  shelved: 'ditunda', suppressed: 'ditekan menurut rancangan', 'out-of-service': 'di luar layanan', gone: 'kembali normal',
  noData: 'tanpa data untuk menilai', noAlarms: 'Tidak ada alarm aktif.', standing: 'aktif', toAcknowledge: 'perlu diakui',
  simulation: 'Simulasi', simulationNote: 'tidak ada mesin nyata di balik ini', replay: 'Putar ulang', replayNote: 'data ini dari masa lalu', speed: '{n} kali waktu nyata',
  lost: 'Sambungan terputus', lostNote: 'yang tampak adalah keadaan pukul {time} dan mungkin salah; menyambung lagi', connecting: 'Menyambung', ended: 'Data telah berakhir', stoppedRun: 'Proses dihentikan', endedNote: 'yang tampak adalah keadaan terakhir yang diketahui',
  alarmsRead: 'Alarm sebelumnya sedang dibaca', alarmsReadNote: 'sisa pesan: {n}', unwatched: 'Tidak ada pekerja yang berjalan', unwatchedNote: 'tidak ada alarm yang muncul atau selesai; yang tampak adalah yang terakhir diketahui', kafkaLost: 'Sambungan ke Kafka terputus', alarmsUnknown: 'Tidak diketahui alarm mana yang aktif.',
  judged: 'Alarm', judgedNote: 'Bacaan yang belum dinilai oleh pekerja', upToDate: 'mutakhir', judgedBehind: 'tertinggal {n} bacaan', beingRead: 'sedang dibaca', workers: 'Pekerja', alarmsFrom: 'Alarm diketahui sejak', alarmsFromNote: 'yang tidak berubah sejak itu tidak lagi ada di tempat alarm dibaca',
  performance: 'Kinerja alarm', measuresNote: 'per jam; praktik yang baik: paling banyak {perDay} sehari untuk tiap operator, dan {flood} waktu dalam banjir alarm', noMeasures: 'Belum ada jam yang berlalu.', raisedIn: 'muncul', perDay: 'per hari', mostIn: 'terbanyak dalam 10 mnt', inFlood: 'banjir alarm', chattering: 'berulang cepat', fleeting: 'sekejap', standingLong: 'lebih 24 jam', raisedMost: 'Paling sering muncul, pada jam terakhir yang tampak',
  noneYet: 'Belum ada data', quiet: 'Tidak ada data masuk selama {time}',
  plantTime: 'Waktu pabrik', age: 'Data', ageNote: 'umur {time}', delay: 'Tunda', delayNote: 'Lamanya bacaan boleh terlambat: yang tampak tertinggal selama itu', rate: 'Laju', perSecond: '{n} bacaan/dtk', readings: 'Bacaan', progress: 'Terbaca', waiting: 'Menunggu',
  ago: '{time} lalu', left: 'sisa {n} %', beyond: 'melewati batas', alarmIn: 'alarm dalam {time} jika tetap begini', ofLimit: 'bagian dari batas', ofNormal: 'dari normal ke batas', nearest: 'Batas terdekat', noLimit: 'batas tidak diketahui', limit: 'batas',
  acknowledge: 'Akui', shelve: 'Tunda', unshelve: 'Batal tunda', reset: 'Atur ulang', 'remove-from-service': 'Keluarkan dari layanan', 'return-to-service': 'Kembalikan ke layanan', relearn: 'Pelajari ulang', acknowledgeAll: 'Akui semuanya', forHow: 'selama', minutes: '{n} mnt', hours: '{n} jam',
  who: 'Siapa Anda?', whoNote: 'Tertulis di samping yang Anda akui atau tunda. Disimpan di peramban ini.', name: 'Nama', save: 'Simpan', cancel: 'Batal', asWho: 'sebagai {name}',
  asked: 'diminta', done: 'selesai', refused: 'ditolak: {why}', notSent: 'tidak terkirim: {why}', noAnswer: 'diterima, belum dijawab',
  why: 'Mengapa', condition: 'Syarat', value: 'Nilai', margin: 'Jarak', atRaise: 'saat alarm muncul', now: 'sekarang', true: 'terpenuhi', false: 'tidak terpenuhi', unknownTruth: 'tidak diketahui', decided: 'Ditentukan oleh', since: 'sejak', clears: 'Selesai bila', rule: 'Aturan', raised: 'Muncul', by: 'oleh', until: 'hingga', marginNote: 'Jarak: seberapa jauh dari berubah, di atas 0 bila terpenuhi. Jeda dianggap sudah lewat; yang bergantung pada masa lalu tidak diketahui di sini.', explainedBy: 'dijelaskan oleh', loading: 'Memuat',
  quarter: '15 menit', twoHours: '2 jam', halfDay: '12 jam', span: 'Rentang', truth: 'Keadaan sebenarnya', truthNote: 'yang sesungguhnya dilakukan simulator', noCurve: 'Tidak ada data dalam rentang ini.', suspectNote: 'bacaan meragukan: ditandai di bawah, tidak digambar', windowNote: 'ujung batas yang diarsir: selama itu batas harus terlewati',
  shelvedList: 'Ditunda', suppressedList: 'Ditekan menurut rancangan', outList: 'Di luar layanan', none: 'Tidak ada.', whose: '{name}: {why}',
  byRule: 'dari {rule}', anomalies: 'Anomali per sensor', anomaliesNote: 'bacaan di luar batas, masing-masing sendiri, sejak halaman mulai mengamati', noAnomalies: 'Tidak ada bacaan di luar batas.',
  timeline: 'Garis waktu', timelineNote: '{time} terakhir; alarm dari muncul hingga selesai', begins: 'mulai', fails: 'menghentikan mesin', repaired: 'diperbaiki', simulator: 'simulator', rulesChanged: 'Aturan berubah: {added} baru, {removed} dihapus, {changed} diubah', noEvents: 'Belum terjadi apa-apa.', pipeline: 'Jalur data', notTaken: 'Tidak diterima',
  late: 'terlambat', ahead: 'mendahului waktu', undecodable: 'tidak terbaca', duplicate: 'ganda', tableTime: 'Waktu', tableEvent: 'Kejadian', area: 'Area',
  'e-raised': 'muncul', 'e-cleared': 'selesai', 'e-escalated': 'meningkat', 'e-acknowledged': 'diakui', 'e-shelved': 'ditunda', 'e-unshelved': 'batal tunda', 'e-suppressed': 'ditekan', 'e-unsuppressed': 'tidak lagi ditekan', 'e-removed-from-service': 'di luar layanan', 'e-returned-to-service': 'kembali ke layanan', 'e-reset': 'diatur ulang', 'e-data-lost': 'data hilang', 'e-data-back': 'data kembali', 'e-closed': 'ditutup', 'e-answer-yes': 'selesai', 'e-answer-no': 'ditolak',
  theme: 'Terang atau gelap', dark: 'gelap', light: 'terang', auto: 'otomatis', languageLabel: 'Bahasa', tokenWrong: 'Halaman ini meminta tokennya: buka alamat yang dicetak oleh program, beserta yang ada di belakang #.', notFound: 'Tidak ada mesin dengan nama ini, atau belum terdengar.', skip: 'Ke isi', newAlarms: '{n} alarm baru. {first}', newAlarm: 'Alarm baru. {first}', sensors: 'Sensor', menu: 'Tampilan', notice: 'Sifat data ini', suspect: 'meragukan', others: '{n} lagi',
  temperature_coil: 'Suhu kumparan', vibration_rotor: 'Getaran rotor', current: 'Arus', voltage: 'Tegangan', pressure: 'Tekanan penyangga', temperature_env: 'Suhu ruang', humidity_env: 'Kelembapan ruang',
}

export const languages = { en, id } as const satisfies Record<string, Words>
export type Language = keyof typeof languages

let language: Language = 'en'
export const setLanguage = (to: Language): void => { language = to }
export const languageNow = (): Language => language

/** A word in the language that is spoken, with `{name}` filled in. */
export const say = (word: Word, values: Readonly<Record<string, string | number>> = {}): string =>
  languages[language][word].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))

/** A sensor in words, where it is one of those that are known; else its own name. */
export const sensorName = (sensor: string): string => (Object.hasOwn(en, sensor) ? say(sensor as Word) : sensor)
