using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace TsVlm.Telemetry;

/// <summary>
/// Gives a span the id that its children were told of. A run lasts for hours and may outlive the process that recorded it, so its root is
/// made when it ends; .NET chooses the id of a span when it starts, and has no public way to name one (decision 51).
/// </summary>
internal static class RootIdentity
{
    /// <summary>Makes a span, started below the context of the root, the root itself.</summary>
    public static void Set(Activity span, ActivitySpanId id)
    {
        try
        {
            SpanId(span) = id.ToHexString();
            ParentSpanId(span) = null;
        }
        catch (MissingFieldException)
        {
            // Another .NET keeps them elsewhere: the span stays one below the root that is missing, and the trace is still one.
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? SpanId(Activity span);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_parentSpanId")]
    private static extern ref string? ParentSpanId(Activity span);
}
