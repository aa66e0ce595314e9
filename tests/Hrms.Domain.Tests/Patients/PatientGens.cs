using CsCheck;
using Hrms.Contracts;
using Hrms.Domain.Patients;
using Hrms.Domain.Proofs;
using Hrms.Domain.Tests.Consents;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Patients;

/// <summary>Random lives of a patient: every kind of event, in an order that the rules could have made.</summary>
internal static class PatientGens
{
    public static readonly PatientId Ana = new(Id(100));

    public static readonly Gen<List<PatientEvent>> Life =
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 1_000_000], ConsentGens.Terms).Array[0, 60].Select(steps =>
        {
            List<PatientEvent> events = [new PatientRegistered(Now, Ana, Actor.Patient(Ana))];
            List<ConsentGranted> active = [];
            List<StoredRecord> records = [];
            foreach (var ((kind, number, terms), i) in steps.Select((step, i) => (step, i)))
            {
                var at = Now.AddMinutes(i);
                switch (kind)
                {
                    case 0 or 1:
                        active.Add(new ConsentGranted(at, new ConsentId(Id(2_000 + i)), terms, [.. BitConverter.GetBytes(number)]));
                        events.Add(active[^1]);
                        break;
                    case 2 when active.Count > 0:
                        var revoked = active[number % active.Count];
                        active.Remove(revoked);
                        events.Add(new ConsentRevoked(at, revoked.Consent, 2, Nullifier.Of(revoked.Secret)));
                        break;
                    case 3 or 4:
                        records.Add(Record(3_000 + i, number));
                        events.Add(new RecordAdded(at, records[^1]));
                        break;
                    case 5 when records.Count > 0:
                        var index = number % records.Count;
                        records[index] = records[index] with { Version = records[index].Version + 1, Date = Now.AddDays(number % 7), Codes = [] };
                        events.Add(new RecordAmended(at, records[index]));
                        break;
                    case 6 when number % 2 == 0:
                        events.Add(new DeviceRegistered(at, new DeviceId(Id(4_000 + i)), $"Watch {number}"));
                        break;
                    case 7 when records.Count > 0:
                        events.Add(new LabelChanged(
                            at, records[number % records.Count].Id, number % 2 == 0 ? "PSY" : "R", number % 3 == 0 ? LabelStep.Lowered : LabelStep.Added,
                            number % 5 == 0 ? DrLee : Actor.Patient(Ana), null, new CommandId(Id(5_000 + i))));
                        break;
                    default:
                        events.Add(new AccessHappened(
                            at, new Asker(DrLee, PurposeOfUse.TREAT), AccessAction.View, "record", new Decision(false, DecisionReason.NoConsent), [], i));
                        break;
                }
            }
            return events;
        });

    /// <summary>A record that has each of its optional parts now and then; several share a date and a full URL.</summary>
    public static StoredRecord Record(int id, int number) => new(
        new RecordId(Id(id)), 1, number % 2 == 0 ? "Observation" : "Condition", number % 3 == 0 ? DataClass.Laboratory : DataClass.Conditions,
        [new Code("http://loinc.org", $"{number % 5}", $"Glucose {number % 5}")], number % 4 == 0 ? null : Now.AddDays(number % 5),
        number % 3 == 0 ? [] : [new ProviderId(Id(1))], number % 5 == 0 ? new RecordId(Id(3_000)) : null, number % 6 == 0 ? ["R"] : [],
        RecordSource.Import, Actor.Patient(Ana), number % 2 == 0 ? null : $"urn:uuid:{Id(number % 9)}", $"{number:x64}", $"{id:x64}", new CommandId(Id(number % 3)));
}
