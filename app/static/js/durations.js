// How long something took, as the server writes it too.
export const two = (number) => String(number).padStart(2, "0");

export const hoursAndMinutes = (minutes) => [Math.floor(minutes / 60), minutes % 60];

export function words(minutes) {
  const [hours, left] = hoursAndMinutes(minutes);
  return hours ? `${hours} h ${two(left)} m` : `${left} m`;
}
