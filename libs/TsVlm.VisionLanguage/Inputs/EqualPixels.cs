namespace TsVlm.VisionLanguage.Inputs;

/// <summary>Compares images by their pixels, so that what the vision tower makes of equal ones, such as blank ones, is computed once.</summary>
internal sealed class EqualPixels : IEqualityComparer<byte[]>
{
    /// <summary>The comparer.</summary>
    public static EqualPixels Comparer { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.AsSpan().SequenceEqual(y));

    public int GetHashCode(byte[] obj)
    {
        var hash = new HashCode();
        hash.AddBytes(obj);
        return hash.ToHashCode();
    }
}
