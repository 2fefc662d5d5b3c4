/** Where a local request is said to come from: an invented hospital's line. Miniflare's own default is in Texas. */
export const HERE = {
  city: 'Lyon',
  country: 'FR',
  continent: 'EU',
  region: 'Auvergne-Rhône-Alpes',
  regionCode: 'ARA',
  timezone: 'Europe/Paris',
  latitude: '45.75',
  longitude: '4.85',
  asn: 64_500,
  asOrganization: 'Réseau local',
  colo: 'DEV',
  httpProtocol: 'HTTP/1.1',
}
