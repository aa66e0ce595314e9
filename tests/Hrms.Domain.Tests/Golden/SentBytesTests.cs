using System.Text.Json;
using Hrms.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Hrms.Domain.Tests.Golden;

/// <summary>Messages between processes of different versions: bytes that an older process sent still mean the same.</summary>
public sealed class SentBytesTests
{
    private static readonly Serializer Serializer = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(IPatientGrain).Assembly)).BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void EveryMessage_IsReadAsItWasSent()
    {
        // The first kinds stand in one file; each later one has its own.
        var first = JsonSerializer.Deserialize<Dictionary<string, string>>(GoldenFile.Read("messages.orleans.json", () => "{}"))!;
        foreach (var message in GoldenSamples.Messages)
        {
            var written = first.GetValueOrDefault(Name(message)) ?? GoldenFile.Read(
                $"message.{Name(message)}.base64", () => Convert.ToBase64String(Serializer.SerializeToArray(message)));
            AssertSame(message, Serializer.Deserialize<object>(Convert.FromBase64String(written)));
        }
    }

    [Fact]
    public void EveryMessage_ComesThroughTheWire() =>
        Assert.All(GoldenSamples.Messages, message => AssertSame(message, Serializer.Deserialize<object>(Serializer.SerializeToArray(message))));

    private static void AssertSame(object expected, object? actual)
    {
        Assert.Equal(expected.GetType(), actual?.GetType());
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));
    }

    private static string Name(object message) =>
        message.GetType().IsGenericType ? $"Outcome<{message.GetType().GetGenericArguments()[0].Name}>" : message.GetType().Name;
}
