using System.Text.Json;
using System.Text.Json.Serialization;
using Hrms.Contracts;
using Hrms.Domain.Accounts;
using Hrms.Domain.Devices;
using Hrms.Domain.Erasures;
using Hrms.Domain.Patients;
using Hrms.Domain.Providers;

namespace Hrms.Domain;

/// <summary>Events and snapshots as JSON: small, stable and readable by whoever is shown a proof.</summary>
public static class EventJson
{
    private static readonly EventJsonContext Context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters =
        {
            new IdConverter<PatientId>(id => id.Value, value => new PatientId(value)),
            new IdConverter<ProviderId>(id => id.Value, value => new ProviderId(value)),
            new IdConverter<RecordId>(id => id.Value, value => new RecordId(value)),
            new IdConverter<ConsentId>(id => id.Value, value => new ConsentId(value)),
            new IdConverter<RequestId>(id => id.Value, value => new RequestId(value)),
            new IdConverter<DeviceId>(id => id.Value, value => new DeviceId(value)),
            new IdConverter<PatientKeyId>(id => id.Value, value => new PatientKeyId(value)),
            new IdConverter<InvitationId>(id => id.Value, value => new InvitationId(value)),
            new IdConverter<SuspensionId>(id => id.Value, value => new SuspensionId(value)),
            new IdConverter<CommandId>(id => id.Value, value => new CommandId(value)),
        },
    });

    public static byte[] Write<T>(T value) where T : class => JsonSerializer.SerializeToUtf8Bytes(value, typeof(T), Context);

    public static T Read<T>(ReadOnlySpan<byte> utf8) where T : class =>
        (T?)JsonSerializer.Deserialize(utf8, typeof(T), Context) ?? throw new JsonException($"Expected a {typeof(T).Name}, found null.");

    private sealed class IdConverter<T>(Func<T, Guid> read, Func<Guid, T> make) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => make(reader.GetGuid());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(read(value));
    }
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(PatientEvent))]
[JsonSerializable(typeof(PatientSnapshot))]
[JsonSerializable(typeof(DeviceEvent))]
[JsonSerializable(typeof(DeviceSnapshot))]
[JsonSerializable(typeof(ConsentTerms))]
[JsonSerializable(typeof(ProviderEvent))]
[JsonSerializable(typeof(ProviderSnapshot))]
[JsonSerializable(typeof(ErasureEvent))]
[JsonSerializable(typeof(ErasureState))]
[JsonSerializable(typeof(AccountEvent))]
[JsonSerializable(typeof(AccountState))]
internal sealed partial class EventJsonContext : JsonSerializerContext;
