using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace TsVlm.Data.Tests.Readers;

public sealed class MutatedTextTests
{
    private const string Pieces = ",:;?@'\"\\{}()%# \t\r\n\0\uFFFD0159.-eaNné";

    private static readonly (string Extension, string Text)[] Valid =
    [
        (".ts", "# note\n@problemName X\n@timeStamps false\n@dimensions 2\n@equalLength true\n@seriesLength 3\n@classLabel true a b\n@data\n1,2,3:4,?,6:a\n7,8,9:1,2,3:b\n"),
        (".ts", "@timeStamps true\n@classLabel true 1 2\n@data\n(2007-01-01 00:00:00,1.5),(2007-01-01 00:01:00,2):1\n(0,3),(1,4):2\n"),
        (".tsv", "a\t1\t2\tNaN\nb\t-4e-3\t5\t6\n"),
        (".txt", "  1.0e+00  -2.5  3\n  2.0e+00  4  5\n"),
        (".arff", "% note\n@relation x\n@attribute 'a 1' numeric\n@attribute b real\n@attribute c {p,'q r'}\n@data\n1,?,p\n3,4,'q r'\n"),
        (".arff", "@relation x\n@attribute r relational\n@attribute t1 numeric\n@attribute t2 numeric\n@end r\n@attribute c {1,2}\n@data\n'1,2\\n3,4',1\n'5,6\\n7,?',2\n"),
        (".csv", "label,t0,t1\n\"a \"\"b\"\", c\",1,2\nd,3,\n"),
        (".csv", "id,channel,time,value,label\n1,x,0,1,a\n1,y,0,2,a\n2,y,2024-01-01,3,b\n2,x,2024-01-01,,b\n"),
    ];

    [Property(MaxTest = 1500)]
    public Property A_changed_file_gives_a_data_set_or_a_clear_error(int choice, int seed)
    {
        var (extension, text) = Valid[(int)((uint)choice % Valid.Length)];
        var mutated = Mutate(text, new Random(seed));
        using var files = new TextFiles().With("X_TRAIN" + extension, mutated);
        string outcome;
        try
        {
            outcome = files.Read("X").Cases.Count > 0 ? "data set" : "nothing";
            files.ReadSeries("X_TRAIN" + extension);
        }
        catch (DataException error)
        {
            outcome = error.Message.StartsWith("X_TRAIN" + extension, StringComparison.Ordinal)
                ? "error" : "error without the file: " + error.Message;
        }
        return (outcome is "data set" or "error").Label($"{outcome} for {mutated}");
    }

    private static string Mutate(string text, Random random)
    {
        var mutated = new StringBuilder(text);
        for (var i = random.Next(1, 4); i > 0 && mutated.Length > 0; i--)
        {
            var at = random.Next(mutated.Length);
            var length = random.Next(1, Math.Min(12, mutated.Length - at) + 1);
            switch (random.Next(4))
            {
                case 0: mutated.Remove(at, length); break;
                case 1: mutated.Insert(at, Pieces[random.Next(Pieces.Length)]); break;
                case 2: mutated[at] = Pieces[random.Next(Pieces.Length)]; break;
                default: mutated.Insert(random.Next(mutated.Length), mutated.ToString(at, length)); break;
            }
        }
        return mutated.ToString();
    }
}
