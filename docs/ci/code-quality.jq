# code-quality.jq - from SARIF to GitLab's Code Quality report.
{"error": "critical", "warning": "major", "note": "info"} as $severity
| [.runs[].results[]
   | {description: .message.text,
      check_name: .ruleId,
      fingerprint: ([.partialFingerprints[]?] | first // "none"),
      severity: $severity[.level // "warning"],
      location: ((.locations // [])[0].physicalLocation
                 | {path: (.artifactLocation.uri // "."), lines: {begin: (.region.startLine // 1)}})}]
