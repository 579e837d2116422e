namespace TsVlm.Baselines.Series;

/// <summary>Finds a class among the classes of a data set.</summary>
internal static class ClassIndex
{
    /// <summary>Position of a training label among the classes.</summary>
    public static int Of(string label, IReadOnlyList<string> classes)
    {
        for (var index = 0; index < classes.Count; index++)
        {
            if (classes[index] == label) return index;
        }
        throw new ArgumentException(
            $"A training series has the label '{label}', which is not among the classes {string.Join(", ", classes)}.", nameof(classes));
    }
}
