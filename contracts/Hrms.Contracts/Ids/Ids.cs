using System.Security.Cryptography;
using System.Text;

namespace Hrms.Contracts;

/// <summary>A patient: the owner of one stream, one key and everything sealed with it. Random to everyone else.</summary>
[GenerateSerializer, Immutable, Alias("PatientId")]
public readonly record struct PatientId([property: Id(0)] Guid Value)
{
    public override string ToString() => Value.ToString("D");
}

/// <summary>A practitioner or an organisation that can be granted access.</summary>
[GenerateSerializer, Immutable, Alias("ProviderId")]
public readonly record struct ProviderId([property: Id(0)] Guid Value)
{
    /// <summary>
    /// A provider met in a record is known by its business identifier (for instance an NPI), so that two hospitals that import
    /// the same practitioner name the same entry without asking each other.
    /// </summary>
    public static ProviderId FromIdentifier(string system, string value) => new(NameBasedId.Create("provider", $"{system}|{value}"));

    public override string ToString() => Value.ToString("D");
}

/// <summary>One record of a patient; its versions share it. Also the FHIR logical id of the resource.</summary>
[GenerateSerializer, Immutable, Alias("RecordId")]
public readonly record struct RecordId([property: Id(0)] Guid Value)
{
    /// <summary>The record that <paramref name="command"/> creates from its item number <paramref name="index"/>: the same at every repeat.</summary>
    public static RecordId From(CommandId command, int index) => new(NameBasedId.Create("record", $"{command}/{index}"));

    public override string ToString() => Value.ToString("D");
}

/// <summary>One consent; its versions share it.</summary>
[GenerateSerializer, Immutable, Alias("ConsentId")]
public readonly record struct ConsentId([property: Id(0)] Guid Value)
{
    public static ConsentId From(CommandId command) => new(NameBasedId.Create("consent", command.ToString()));

    public override string ToString() => Value.ToString("D");
}

/// <summary>A wearable or a hub that sends measurements of one patient.</summary>
[GenerateSerializer, Immutable, Alias("DeviceId")]
public readonly record struct DeviceId([property: Id(0)] Guid Value)
{
    /// <summary>The patient is a part of it: nobody gets another patient's device by knowing the command that made it.</summary>
    public static DeviceId From(PatientId patient, CommandId command) => new(NameBasedId.Create("device", $"{patient}/{command}"));

    public override string ToString() => Value.ToString("D");
}

/// <summary>One invitation to have an account.</summary>
[GenerateSerializer, Immutable, Alias("InvitationId")]
public readonly record struct InvitationId([property: Id(0)] Guid Value)
{
    public static InvitationId From(CommandId command) => new(NameBasedId.Create("invitation", command.ToString()));

    public override string ToString() => Value.ToString("D");
}

/// <summary>
/// The name an asker gives to a command before it sends it. Everything that a command creates derives its id from it, so a
/// command that arrives twice finds what the first arrival made and changes nothing.
/// </summary>
[GenerateSerializer, Immutable, Alias("CommandId")]
public readonly record struct CommandId([property: Id(0)] Guid Value)
{
    public override string ToString() => Value.ToString("D");
}

/// <summary>Name-based ids (RFC 9562, section 5.8: UUID version 8 over SHA-256), domain separated by kind.</summary>
public static class NameBasedId
{
    public static Guid Create(string kind, string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"hrms/{kind}/{name}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
