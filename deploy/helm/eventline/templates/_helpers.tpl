{{/* The name of all objects: that of the release, with "eventline" in it. */}}
{{- define "eventline.name" -}}
{{- if contains "eventline" .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-eventline" .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* The alert rules need the job name "eventline", which is the label "name". */}}
{{- define "eventline.selector" -}}
app.kubernetes.io/name: eventline
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "eventline.labels" -}}
{{ include "eventline.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "eventline.secret" -}}
{{- range $name, $_ := .Values.secrets -}}
{{- if and $.Values.secretFiles (not $.Values.existingSecret) (not (has $name $.Values.secretFiles)) -}}
{{- fail (printf "secretFiles: add %s, or the container does not get this secret." $name) -}}
{{- end -}}
{{- end -}}
{{- if .Values.existingSecret -}}
{{- .Values.existingSecret -}}
{{- else if .Values.secrets -}}
{{- include "eventline.name" . -}}
{{- else -}}
{{- fail "Set existingSecret to a Secret with MONGODB_URI and WEBHOOK_SECRETS, or set secrets." -}}
{{- end -}}
{{- end -}}
