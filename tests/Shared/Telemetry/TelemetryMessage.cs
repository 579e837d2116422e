using System.Buffers.Binary;
using System.Text;

namespace TsVlm.Tests.Telemetry;

/// <summary>
/// A protobuf message by its field numbers, as the public schema opentelemetry-proto gives them. No package: a pin would move TorchSharp's
/// protobuf too.
/// </summary>
internal sealed class TelemetryMessage
{
    private readonly List<(int Field, ulong Number, byte[] Bytes)> fields = [];

    public TelemetryMessage(byte[] content)
    {
        for (var at = 0; at < content.Length;)
        {
            var tag = Varint(content, ref at);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    fields.Add((field, Varint(content, ref at), []));
                    break;
                case 1:
                    fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(content.AsSpan(at)), []));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(content, ref at);
                    fields.Add((field, 0, content[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(at)), []));
                    at += 4;
                    break;
                case var other:
                    throw new InvalidDataException($"Field {field}: expected a number or bytes, found wire type {other}.");
            }
        }
    }

    public IEnumerable<TelemetryMessage> Messages(int field) =>
        fields.Where(f => f.Field == field).Select(f => new TelemetryMessage(f.Bytes));

    public bool Has(int field) => fields.Any(f => f.Field == field);

    public ulong Number(int field) => fields.LastOrDefault(f => f.Field == field).Number;

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field));

    /// <summary>Attributes: repeated KeyValue(1 key, 2 AnyValue).</summary>
    public Dictionary<string, object> Attributes(int field) =>
        Messages(field).ToDictionary(pair => pair.Text(1), pair => Value(pair.Messages(2).Single()));

    /// <summary>AnyValue: 1 string, 2 bool, 3 int, 4 double.</summary>
    public static object Value(TelemetryMessage any)
    {
        if (any.Has(1)) return any.Text(1);
        if (any.Has(2)) return any.Number(2) != 0;
        if (any.Has(3)) return (long)any.Number(3);
        return any.Has(4) ? BitConverter.UInt64BitsToDouble(any.Number(4)) : "";
    }

    private static ulong Varint(byte[] content, ref int at)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var part = content[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
            shift += 7;
        }
    }

    private byte[] Bytes(int field) => fields.LastOrDefault(f => f.Field == field).Bytes ?? [];
}
