/**
 * Why servers do not run, by code, in German. The spawners' own sentences are English; beside these they stand as the
 * detail that they are.
 */
export interface FailureText {
  readonly message: string
  readonly hint: string
}

const keptHome = 'Starten Sie ihn noch einmal. Was in Ihrem Home liegt, ist noch da.'
const lastLines = 'Unten stehen die letzten Zeilen, die er ausgegeben hat.'
const correct = 'Bitten Sie die Verwaltung, die config.yaml zu berichtigen.'

export const germanFailures: Readonly<Record<string, FailureText>> = {
  NO_NODE: {
    message: 'Im Cluster ist gerade kein Platz für Ihren Server.',
    hint: 'Warten Sie, wählen Sie eine kleinere Umgebung, oder bitten Sie die Verwaltung um mehr oder größere Knoten.',
  },
  IMAGE_PULL: {
    message: 'Das Image der Umgebung lässt sich nicht laden.',
    hint: 'Bitten Sie die Verwaltung, den Namen des Images und den Zugang zu seiner Registry zu prüfen.',
  },
  IMAGE_NAME: { message: 'Der Name des Images ist keiner.', hint: correct },
  CONTAINER_CONFIG: {
    message: 'Der Server lässt sich nicht einrichten.',
    hint: 'Bitten Sie die Verwaltung: etwas, worauf sich die Umgebung bezieht, fehlt im Cluster.',
  },
  INIT_FAILED: {
    message: 'Die Vorbereitung des Servers ist gescheitert.',
    hint: 'Bitten Sie die Verwaltung: unten stehen die letzten Zeilen der Vorbereitung.',
  },
  VOLUME: {
    message: 'Der Datenträger für Ihr Home ist nicht bereit.',
    hint: 'Warten Sie und versuchen Sie es noch einmal; bleibt es so, soll die Verwaltung nach dem Speicher des Clusters sehen.',
  },
  VOLUME_PENDING: {
    message: 'Der Datenträger für Ihr Home entsteht nicht.',
    hint: 'Bitten Sie die Verwaltung: die Speicherklasse kann ihn vielleicht nicht anlegen.',
  },
  STORAGE_QUOTA: {
    message: 'Für Ihr Home ist kein Speicher mehr zugeteilt.',
    hint: 'Bitten Sie die Verwaltung um mehr Speicher, oder löschen Sie einen Server, den Sie nicht mehr brauchen.',
  },
  QUOTA: {
    message: 'Mehr, als schon läuft, darf gerade nicht laufen.',
    hint: 'Beenden Sie einen anderen Server, wählen Sie eine kleinere Umgebung, oder bitten Sie die Verwaltung um mehr.',
  },
  REFUSED: {
    message: 'Der Cluster lehnt diesen Server ab.',
    hint: 'Bitten Sie die Verwaltung: eine Regel des Clusters erlaubt diese Umgebung nicht.',
  },
  INVALID: { message: 'Die Umgebung ist nicht richtig beschrieben.', hint: correct },
  FORBIDDEN: {
    message: 'Der Hub darf nicht, was der Start braucht.',
    hint: 'Bitten Sie die Verwaltung, die Rechte des Dienstkontos des Hubs zu prüfen.',
  },
  NAME_TAKEN: {
    message: 'Der Name Ihres Servers ist im Cluster vergeben.',
    hint: 'Bitten Sie die Verwaltung: etwas anderes im Cluster heißt wie Ihr Server.',
  },
  OUT_OF_MEMORY: {
    message: 'Ihr Server hat allen Arbeitsspeicher verbraucht und wurde beendet.',
    hint: 'Brauchen Sie weniger auf einmal, oder wählen Sie eine Umgebung mit mehr Arbeitsspeicher.',
  },
  EVICTED: { message: 'Ihr Server musste seinen Knoten verlassen.', hint: keptHome },
  PREEMPTED: {
    message: 'Ihr Server musste Wichtigerem weichen.',
    hint: 'Starten Sie ihn noch einmal, wenn mehr Platz ist. Was in Ihrem Home liegt, ist noch da.',
  },
  DELETED: { message: 'Ihr Server wurde von außen beendet.', hint: keptHome },
  NODE_LOST: {
    message: 'Der Knoten, auf dem Ihr Server lief, ist weg.',
    hint: 'Starten Sie ihn noch einmal: er kommt auf einem anderen. Was in Ihrem Home liegt, ist noch da.',
  },
  EXITED: { message: 'Ihr Server hat sich beendet.', hint: lastLines },
  COMMAND_NOT_FOUND: {
    message: 'Das Programm des Servers wurde nicht gefunden.',
    hint: 'Bitten Sie die Verwaltung, singleuser.cmd zu prüfen, und ob jupyterhub und jupyterlab da sind.',
  },
  PORT_TAKEN: {
    message: 'Der Port des Servers ist vergeben.',
    hint: 'Starten Sie ihn noch einmal; er bekommt einen anderen.',
  },
  DISK_FULL: {
    message: 'Auf der Platte ist kein Platz mehr.',
    hint: 'Machen Sie Platz und starten Sie den Server noch einmal.',
  },
  NOT_PERMITTED: {
    message: 'Dem Server fehlt ein Recht.',
    hint: 'Bitten Sie die Verwaltung, nach den Konten und Ordnern dieser Maschine zu sehen.',
  },
  TIMEOUT: {
    message: 'Ihr Server wurde nicht rechtzeitig fertig.',
    hint: 'Versuchen Sie es noch einmal. Bleibt es so, kann die Verwaltung ihm mehr Zeit geben (singleuser.startTimeout).',
  },
  VANISHED: {
    message: 'Ihr Server ist ohne ein Wort verschwunden.',
    hint: 'Er wurde von außen beendet, oder die Maschine fiel aus. Starten Sie ihn noch einmal.',
  },
  INTERNAL: {
    message: 'Ein Fehler im Hub hat den Start verhindert.',
    hint: 'Nennen Sie der Verwaltung die Nummer unten; sie steht im Log des Hubs.',
  },
}
