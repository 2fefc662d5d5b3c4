/**
 * Certificates of invented services, made with openssl for these tests: DER in base64. Their keys were thrown away; what
 * proves possession is the TLS handshake, which the edge does.
 */

/** A service’s certificate, issued by an invented authority: C=FR, O=Clinique, des Essais, OU=Système d’information, CN=dossier.example.test, with an alternative name of each kind. */
export const CLIENT =
  'MIICTTCCAfSgAwIBAgIBATAKBggqhkjOPQQDAjAbMRkwFwYDVQQDDBBBdXRvcml0ZSBkJ2Vzc2FpMCAXDTIwMDEwMTAwMDAw' +
  'MFoYDzIwOTkxMjMxMjM1OTU5WjBuMQswCQYDVQQGEwJGUjEdMBsGA1UECgwUQ2xpbmlxdWUsIGRlcyBFc3NhaXMxITAfBgNV' +
  'BAsMGFN5c3TDqG1lIGTigJlpbmZvcm1hdGlvbjEdMBsGA1UEAwwUZG9zc2llci5leGFtcGxlLnRlc3QwWTATBgcqhkjOPQIB' +
  'BggqhkjOPQMBBwNCAAQBEMCh/7OgZGwpLD+Eqa8+wq3Oj46meVztvSTZjubPRSMFCRPf9ch79+X44V/4o3ZjlZwrXCCdXDVb' +
  'IWcAr96Qo4HTMIHQMHkGA1UdEQRyMHCCFGRvc3NpZXIuZXhhbXBsZS50ZXN0hiNodHRwczovL2Rvc3NpZXIuZXhhbXBsZS50' +
  'ZXN0L2NsaWVudIcEwAACB4cQIAENuAAAAAAAAAAAAAAAB4EbZXF1aXBlQERvc3NpZXIuZXhhbXBsZS50ZXN0MBMGA1UdJQQM' +
  'MAoGCCsGAQUFBwMCMB0GA1UdDgQWBBT/59bTgKEoZ1RgFkJmIMu7tgaDoDAfBgNVHSMEGDAWgBR2FVmRwXj+NEK01R+fAz6h' +
  'HS7bpTAKBggqhkjOPQQDAgNHADBEAiB65eHAPMvloC6wBlOJHs8A1L/57anqFERi5qa+Mf/7QQIgeUkPnCgiI1voFlIu7H8c' +
  'Y71a7x1gThtN33xP7Z3jWDE='

/** CN=seule, its own issuer. */
export const SELF_SIGNED =
  'MIIBCDCBsAIBBDAKBggqhkjOPQQDAjAQMQ4wDAYDVQQDDAVzZXVsZTAgFw0yMDAxMDEwMDAwMDBaGA8yMDk5MTIzMTIzNTk1' +
  'OVowEDEOMAwGA1UEAwwFc2V1bGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATNbrkHq9WKYCPiemRKL61b7mQnP61YmZVs' +
  'HItYTx/Q8opeCUp0K6Z7fhe8dQyKaKVI0Flnr71n+z1AGNboITI8MAoGCCqGSM49BAMCA0cAMEQCIDzNqJPrFBu+GGtdUlqz' +
  '2RrdmCZWZBCtWp/SNY7V/PonAiBe0dPbKZEPHOV+mXi8qw99QnFXZ1grRxUTcIKnp0v0iQ=='

/** CN=autre, from the same authority as the first. */
export const OTHER =
  'MIIBFDCBuwIBBTAKBggqhkjOPQQDAjAbMRkwFwYDVQQDDBBBdXRvcml0ZSBkJ2Vzc2FpMCAXDTIwMDEwMTAwMDAwMFoYDzIw' +
  'OTkxMjMxMjM1OTU5WjAQMQ4wDAYDVQQDDAVhdXRyZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABAEQwKH/s6BkbCksP4Sp' +
  'rz7Crc6PjqZ5XO29JNmO5s9FIwUJE9/1yHv35fjhX/ijdmOVnCtcIJ1cNVshZwCv3pAwCgYIKoZIzj0EAwIDSAAwRQIhAM9b' +
  'q0Uwpb8V3mNRffVHqKwvgOdkyZdrSSPXno7N1U1zAiBEWTIflfZk4ZxmVfW/CCRkvLor6fWjWf5xWG6YJONB3w=='

/** CN=ancienne, good for the year 2020 only. */
export const EXPIRED =
  'MIIBFTCBvAIBAjAKBggqhkjOPQQDAjAbMRkwFwYDVQQDDBBBdXRvcml0ZSBkJ2Vzc2FpMB4XDTIwMDEwMTAwMDAwMFoXDTIx' +
  'MDEwMTAwMDAwMFowEzERMA8GA1UEAwwIYW5jaWVubmUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQBEMCh/7OgZGwpLD+E' +
  'qa8+wq3Oj46meVztvSTZjubPRSMFCRPf9ch79+X44V/4o3ZjlZwrXCCdXDVbIWcAr96QMAoGCCqGSM49BAMCA0gAMEUCIBQw' +
  'bJUVqcWRNHCaY/FZcEM2KB1hA9oWyBg71RC9nX/jAiEAjDUEQzszy7+zfItrGYtNDiNxCMNTKCLrcjIvZgWo3bQ='

/** O=Clinique, des Essais; DC=org and UID=a b in one relative name; emailAddress=x@y.test. */
export const MULTI_VALUED =
  'MIIBZjCCAQsCAQMwCgYIKoZIzj0EAwIwGzEZMBcGA1UEAwwQQXV0b3JpdGUgZCdlc3NhaTAgFw0yMDAxMDEwMDAwMDBaGA8y' +
  'MDk5MTIzMTIzNTk1OVowYDEdMBsGA1UECgwUQ2xpbmlxdWUsIGRlcyBFc3NhaXMxJjARBgoJkiaJk/IsZAEBDANhIGIwEQYK' +
  'CZImiZPyLGQBGRYDb3JnMRcwFQYJKoZIhvcNAQkBFgh4QHkudGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABAEQwKH/' +
  's6BkbCksP4Sprz7Crc6PjqZ5XO29JNmO5s9FIwUJE9/1yHv35fjhX/ijdmOVnCtcIJ1cNVshZwCv3pAwCgYIKoZIzj0EAwID' +
  'SQAwRgIhALyOcnS9HwJnz0Z+3KUdcOwWrI/WlaHP1wpbRRVm+cD9AiEAtl+U67//Ki7ygqwdC8aM1BxT1XAuMHf2jh1d70YS' +
  'tq0='
